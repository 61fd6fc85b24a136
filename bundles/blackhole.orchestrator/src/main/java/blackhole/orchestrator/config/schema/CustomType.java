package blackhole.orchestrator.config.schema;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A setting of a service's own: text, true or false, a number, or a list of these. Without quotes,
 * a size becomes bytes and a duration milliseconds, because OSGi's converter knows neither. What
 * holds a reference stays text, so that a password of digits keeps its leading zeros.
 */
public record CustomType() implements ValueType<Object> {
  private static final String EXPECTATION =
      "text, a number, a size, a duration, true or false, or a list of these";

  @Override
  public @Nullable Object read(ValueSource source) {
    return source.isList() ? source.list(new Element(), EXPECTATION) : source.scalar(new Element());
  }

  @Override
  public String expectation() {
    return EXPECTATION;
  }

  /** One such value. */
  public record Element() implements ScalarType<Object> {
    @Override
    public String expectation() {
      return EXPECTATION;
    }

    @Override
    public Object parse(Scalar scalar) throws ValueException {
      return switch (scalar.kind()) {
        case PLAIN_TEXT -> sizeOrDuration(scalar);
        case INTEGER -> integer(scalar);
        case DECIMAL -> decimal(scalar);
        case FLAG -> scalar.text().toLowerCase(Locale.ROOT).equals("true");
        case QUOTED_TEXT, REFERENCE, NOTHING -> scalar.text();
      };
    }

    private static Object sizeOrDuration(Scalar scalar) throws ValueException {
      String text = scalar.text();
      if (Sizes.matches(text)) {
        return Sizes.parse(text)
            .orElseThrow(
                () -> scalar.refuse("is too large", "a size below 8589934592GB, or quotes"));
      }
      if (Durations.matches(text)) {
        return Durations.parse(text)
            .orElseThrow(
                () -> scalar.refuse("is too long", "fewer milliseconds than 2^63, or quotes"))
            .toMillis();
      }
      return text;
    }

    private static Object integer(Scalar scalar) throws ValueException {
      Optional<BigInteger> number = CoreNumbers.integer(scalar.text());
      if (number.isEmpty() || number.get().bitLength() >= Long.SIZE) {
        throw scalar.refuse("is out of range", "a whole number of 64 bits, or quotes");
      }
      return number.get().longValueExact();
    }

    private static Object decimal(Scalar scalar) throws ValueException {
      OptionalDouble number = CoreNumbers.decimal(scalar.text());
      if (number.isEmpty()) {
        throw scalar.refuse("is not a finite number", "a number, or quotes");
      }
      return number.getAsDouble();
    }
  }
}
