package blackhole.telemetry.history;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whose samples they are; in the order of names, then numbers.
 *
 * @param instance from 1
 */
public record InstanceKey(String service, int instance) implements Comparable<InstanceKey> {
  private static final Pattern TEXT = Pattern.compile("([A-Za-z0-9._-]+)-([1-9][0-9]{0,8})");
  private static final Comparator<InstanceKey> ORDER =
      Comparator.comparing(InstanceKey::service).thenComparingInt(InstanceKey::instance);

  /** What {@link #toString} makes of one; empty for anything else. */
  public static Optional<InstanceKey> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(new InstanceKey(matcher.group(1), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  @Override
  public int compareTo(InstanceKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return service + "-" + instance;
  }
}
