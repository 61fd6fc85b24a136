package blackhole.orchestrator.config.schema;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * A size in bytes within bounds, both inclusive.
 *
 * @param reason said with the lower bound, or empty
 */
public record SizeType(long min, long max, String reason) implements ScalarType<Long> {
  private static final String FORM = "a size such as 64KB, 512MB or 1GB";

  @Override
  public String expectation() {
    return FORM + ", from " + Sizes.format(min) + " to " + Sizes.format(max);
  }

  @Override
  public Long parse(Scalar scalar) throws ValueException {
    if (!scalar.isText() || !Sizes.matches(scalar.text())) {
      throw refuseForm(scalar);
    }
    OptionalLong bytes = Sizes.parse(scalar.text());
    if (bytes.isEmpty() || bytes.getAsLong() > max) {
      throw scalar.refuse("is too large", "at most " + Sizes.format(max));
    }
    if (bytes.getAsLong() < min) {
      throw scalar.refuse("is too small", "at least " + Sizes.format(min) + reason);
    }
    return bytes.getAsLong();
  }

  private ValueException refuseForm(Scalar scalar) {
    if (scalar.text().startsWith("-")) {
      return scalar.refuse("is negative", expectation());
    }
    if (CoreNumbers.decimal(scalar.text()).isPresent()) {
      return scalar.refuse("has no unit", expectation());
    }
    String upper = scalar.text().toUpperCase(Locale.ROOT);
    if (scalar.kind() != Scalar.Kind.REFERENCE && Sizes.matches(upper)) {
      return scalar.refuse("is not a size", upper + " (units are upper case)");
    }
    return scalar.refuse("is not a size", expectation());
  }
}
