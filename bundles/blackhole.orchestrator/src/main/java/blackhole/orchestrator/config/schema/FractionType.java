package blackhole.orchestrator.config.schema;

import java.util.OptionalDouble;

/** A part of a whole, as {@code 20%} or {@code 0.2}; up to all of it. */
public record FractionType(boolean zeroAllowed) implements ScalarType<Double> {
  @Override
  public String expectation() {
    return zeroAllowed
        ? "a percentage from 0% to 100%, or a fraction from 0 to 1"
        : "a percentage above 0% and up to 100%, or a fraction above 0 and up to 1";
  }

  @Override
  public Double parse(Scalar scalar) throws ValueException {
    boolean percentage = scalar.isText() && scalar.text().endsWith("%");
    if (!percentage && scalar.kind() == Scalar.Kind.QUOTED_TEXT) {
      throw scalar.refuse("is a string", expectation());
    }
    OptionalDouble number =
        CoreNumbers.decimal(
            percentage ? scalar.text().substring(0, scalar.text().length() - 1) : scalar.text());
    if (number.isEmpty()) {
      throw scalar.refuse("is not a fraction", expectation());
    }
    double value = percentage ? number.getAsDouble() / 100 : number.getAsDouble();
    if (value < 0 || value > 1 || (value == 0 && !zeroAllowed)) {
      throw scalar.refuse("is out of range", expectation());
    }
    return value;
  }
}
