package blackhole.analytics.count;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Patterns of event types, as the event stream has them. */
public final class TypePattern {
  private static final Pattern WORDS = Pattern.compile("([a-z0-9_-]+|\\*)(\\.([a-z0-9_-]+|\\*))*");
  private static final int MAX_LENGTH = 200;

  private TypePattern() {}

  /** Whether it is one; a type is, too. */
  public static boolean isPattern(String text) {
    return text.length() <= MAX_LENGTH && WORDS.matcher(text).matches();
  }

  /**
   * Which types it has; empty for all.
   *
   * @param pattern one that {@link #isPattern}, or empty
   */
  public static Predicate<String> matcher(String pattern) {
    if (pattern.isEmpty() || pattern.equals("*")) {
      return type -> true;
    }
    if (!pattern.contains("*")) {
      return pattern::equals;
    }
    String[] words = pattern.split("\\.");
    return type -> matches(words, type.split("\\."));
  }

  /** As the last word, an asterisk stands for the rest. */
  private static boolean matches(String[] pattern, String[] type) {
    boolean open = pattern[pattern.length - 1].equals("*");
    if (type.length < pattern.length || (type.length > pattern.length && !open)) {
      return false;
    }
    for (int i = 0; i < pattern.length; i++) {
      if (!pattern[i].equals("*") && !pattern[i].equals(type[i])) {
        return false;
      }
    }
    return true;
  }
}
