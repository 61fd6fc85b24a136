package blackhole.orchestrator.config.schema;

import java.math.BigInteger;
import java.util.Optional;

/** A whole number within bounds, both inclusive. */
public record IntegerType(int min, int max) implements ScalarType<Integer> {
  @Override
  public String expectation() {
    return "a whole number from " + min + " to " + max;
  }

  @Override
  public Integer parse(Scalar scalar) throws ValueException {
    Optional<BigInteger> number = CoreNumbers.integer(scalar.text());
    if (number.isEmpty()) {
      throw scalar.refuse("is not a whole number", expectation());
    }
    if (scalar.kind() == Scalar.Kind.QUOTED_TEXT) {
      throw scalar.refuse("is a string", expectation() + ", without quotes");
    }
    if (number.get().compareTo(BigInteger.valueOf(min)) < 0
        || number.get().compareTo(BigInteger.valueOf(max)) > 0) {
      throw scalar.refuse("is out of range", expectation());
    }
    return number.get().intValueExact();
  }
}
