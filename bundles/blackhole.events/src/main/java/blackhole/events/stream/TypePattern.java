package blackhole.events.stream;

import java.util.regex.Pattern;

/**
 * Which types of events: words with dots between them, where {@code *} stands for any word, and as
 * the last one for one or more words. So {@code did.*} has {@code did.created} and {@code
 * did.key.added}, but not {@code did}. Immutable.
 */
public final class TypePattern {
  /** The longest type, in characters. */
  public static final int MAX_LENGTH = 200;

  private static final Pattern TYPE = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");
  private static final Pattern PATTERN =
      Pattern.compile("(\\*|[a-z0-9_-]+)(\\.(\\*|[a-z0-9_-]+))*");
  private static final String ANY = "*";

  private final String text;
  private final String[] words;

  private TypePattern(String text) {
    this.text = text;
    this.words = words(text);
  }

  /** Whether this may be the type of an event. */
  public static boolean isType(String text) {
    return text.length() <= MAX_LENGTH && TYPE.matcher(text).matches();
  }

  public static boolean isPattern(String text) {
    return text.length() <= MAX_LENGTH && PATTERN.matcher(text).matches();
  }

  /**
   * @param text a pattern; empty for all types
   * @throws IllegalArgumentException if it is none
   */
  public static TypePattern of(String text) {
    if (text.isEmpty()) {
      return new TypePattern(ANY);
    }
    if (!isPattern(text)) {
      throw new IllegalArgumentException("'" + text + "' is no pattern of types");
    }
    return new TypePattern(text);
  }

  private static String[] words(String text) {
    return text.split("\\.", -1);
  }

  public boolean matches(String type) {
    if (text.equals(ANY)) {
      return true;
    }
    String[] typed = words(type);
    boolean open = words[words.length - 1].equals(ANY);
    if (open ? typed.length < words.length : typed.length != words.length) {
      return false;
    }
    for (int i = 0; i < words.length; i++) {
      if (!words[i].equals(ANY) && !words[i].equals(typed[i])) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TypePattern pattern && pattern.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
