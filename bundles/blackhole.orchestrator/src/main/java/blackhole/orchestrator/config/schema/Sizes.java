package blackhole.orchestrator.config.schema;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes such as {@code 512MB}. K, M and G are powers of 1024, as for the JVM. */
public final class Sizes {
  /** Upper case only: in {@code custom}, {@code 5m} is a duration. */
  public static final String PATTERN = "[0-9]+(B|KB?|MB?|GB?)";

  private static final Pattern SIZE = Pattern.compile("([0-9]+)(?:B|([KMG])B?)");
  private static final List<String> UNITS = List.of("GB", "MB", "KB");

  private Sizes() {}

  /** Whether it has the form of a size, even if it is too large for a long. */
  public static boolean matches(String text) {
    return SIZE.matcher(text).matches();
  }

  /** In bytes; empty if it is not a size, or one that passes a long. */
  public static OptionalLong parse(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    try {
      long count = Long.parseLong(matcher.group(1));
      return OptionalLong.of(
          Math.multiplyExact(count, unit(Optional.ofNullable(matcher.group(2)))));
    } catch (NumberFormatException | ArithmeticException tooLarge) {
      return OptionalLong.empty();
    }
  }

  private static long unit(Optional<String> letter) {
    return 1L << (10 * ("KMG".indexOf(letter.orElse("")) + (letter.isPresent() ? 1 : 0)));
  }

  /** In the largest unit that divides it, so that {@link #parse} gives the same again. */
  public static String format(long bytes) {
    long unit = 1L << 30;
    for (String name : UNITS) {
      if (bytes >= unit && bytes % unit == 0) {
        return bytes / unit + name;
      }
      unit >>= 10;
    }
    return bytes + "B";
  }
}
