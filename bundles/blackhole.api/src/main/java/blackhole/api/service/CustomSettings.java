package blackhole.api.service;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Reads what an operator wrote under {@code custom:}, so that each service refuses a wrong setting
 * in the same words. Sizes arrive as bytes and durations as milliseconds: the node has converted
 * them.
 */
public final class CustomSettings {
  private CustomSettings() {}

  /**
   * A whole number within bounds.
   *
   * @param key as written under {@code custom:}
   * @param setting the component property's getter, which fails where the value is of another type
   * @throws IllegalArgumentException naming the key, what it is, and what was expected
   */
  public static long whole(String key, LongSupplier setting, long min, long max) {
    long value;
    try {
      value = setting.getAsLong();
    } catch (RuntimeException e) {
      // of no fixed type: it comes from the converter of the framework
      throw new IllegalArgumentException(
          "custom." + key + " is not a whole number: " + e.getMessage(), e);
    }
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "custom." + key + " is " + value + ", but must be from " + min + " to " + max);
    }
    return value;
  }

  /**
   * What was set but means nothing to the service, most likely a slip of the pen.
   *
   * @param properties names of component properties: settings in both spellings, and names with a
   *     dot, which are the framework's
   * @param known the service's settings, as written under {@code custom:}
   */
  public static SortedSet<String> unknown(Set<String> properties, Collection<String> known) {
    SortedSet<String> unknown = new TreeSet<>();
    for (String property : properties) {
      String key = property.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
      if (!property.contains(".") && !known.contains(key)) {
        unknown.add(key);
      }
    }
    return unknown;
  }
}
