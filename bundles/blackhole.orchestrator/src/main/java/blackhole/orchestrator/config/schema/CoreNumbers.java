package blackhole.orchestrator.config.schema;

import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Numbers as YAML 1.2's Core schema writes them. */
final class CoreNumbers {
  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
  private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
  private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]+");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

  /** Longer ones are out of every range we have, and slow to convert. */
  private static final int MAX_DIGITS = 400;

  private CoreNumbers() {}

  static Optional<BigInteger> integer(String text) {
    if (text.length() > MAX_DIGITS) {
      return Optional.empty();
    }
    if (INTEGER.matcher(text).matches()) {
      return Optional.of(new BigInteger(text));
    }
    if (OCTAL.matcher(text).matches()) {
      return Optional.of(new BigInteger(text.substring(2), 8));
    }
    if (HEXADECIMAL.matcher(text).matches()) {
      return Optional.of(new BigInteger(text.substring(2), 16));
    }
    return Optional.empty();
  }

  /** Empty for {@code .nan}, {@code .inf} and what overflows to them. */
  static OptionalDouble decimal(String text) {
    Optional<BigInteger> integer = integer(text);
    if (integer.isPresent()) {
      return finite(integer.get().doubleValue());
    }
    if (text.length() > MAX_DIGITS || !DECIMAL.matcher(text).matches()) {
      return OptionalDouble.empty();
    }
    return finite(Double.parseDouble(text));
  }

  private static OptionalDouble finite(double value) {
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
