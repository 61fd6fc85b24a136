package blackhole.orchestrator.config.schema;

import java.math.BigDecimal;
import java.util.OptionalDouble;

/** A number, whole or not, within bounds; the upper one is inclusive. */
public record NumberType(double min, boolean minExcluded, double max)
    implements ScalarType<Double> {
  static NumberType from(double min, double max) {
    return new NumberType(min, false, max);
  }

  static NumberType above(double min, double max) {
    return new NumberType(min, true, max);
  }

  @Override
  public String expectation() {
    return (minExcluded
            ? "a number above " + shown(min) + ", up to "
            : "a number from " + shown(min) + " to ")
        + shown(max);
  }

  @Override
  public Double parse(Scalar scalar) throws ValueException {
    OptionalDouble number = CoreNumbers.decimal(scalar.text());
    if (number.isEmpty()) {
      throw scalar.refuse("is not a number", expectation());
    }
    if (scalar.kind() == Scalar.Kind.QUOTED_TEXT) {
      throw scalar.refuse("is a string", expectation() + ", without quotes");
    }
    double value = number.getAsDouble();
    if (value < min || value > max || (minExcluded && value == min)) {
      throw scalar.refuse("is out of range", expectation());
    }
    return value;
  }

  private static String shown(double bound) {
    return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
  }
}
