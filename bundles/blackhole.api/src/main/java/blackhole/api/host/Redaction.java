package blackhole.api.host;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes secrets out of what is logged or shown: those that it knows, as they are, and whatever
 * stands behind the word {@code Bearer}. A secret that somebody has encoded is not found.
 * Immutable.
 */
public final class Redaction {
  /** One that knows no secrets. */
  public static final Redaction NONE = new Redaction(Set.of());

  private static final String HIDDEN = "***";
  private static final String BEARER = "Bearer ";

  /** Shorter ones would take innocent letters out of every line, and protect nothing. */
  private static final int MIN_LENGTH = 4;

  /** From here on a line of a secret, such as a key in PEM, is one too: logs are read by lines. */
  private static final int MIN_LINE = 16;

  /** Longest first, in case one holds another. */
  private final List<String> secrets;

  private Redaction(Set<String> secrets) {
    this.secrets =
        secrets.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
  }

  /** One that knows these, and all that this one knows. */
  public Redaction and(Collection<String> more) {
    Set<String> all = new LinkedHashSet<>(secrets);
    for (String secret : more) {
      if (secret.length() >= MIN_LENGTH) {
        all.add(secret);
      }
      if (secret.indexOf('\n') >= 0) {
        secret
            .lines()
            .map(String::strip)
            .filter(line -> line.length() >= MIN_LINE && !line.startsWith("-----"))
            .forEach(all::add);
      }
    }
    return all.size() == secrets.size() ? this : new Redaction(all);
  }

  /** The text without them. */
  public String apply(String text) {
    String redacted = text;
    for (String secret : secrets) {
      redacted = redacted.replace(secret, HIDDEN);
    }
    return redacted.contains(BEARER) ? withoutTokens(redacted) : redacted;
  }

  private static String withoutTokens(String text) {
    StringBuilder redacted = new StringBuilder(text.length());
    int copied = 0;
    for (int at = text.indexOf(BEARER); at >= 0; at = text.indexOf(BEARER, copied)) {
      int begin = at + BEARER.length();
      int end = begin;
      while (end < text.length() && isOfToken(text.charAt(end))) {
        end++;
      }
      redacted.append(text, copied, begin).append(end > begin ? HIDDEN : "");
      copied = end;
    }
    return redacted.append(text, copied, text.length()).toString();
  }

  /** As RFC 6750 has them. */
  private static boolean isOfToken(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || "-._~+/=".indexOf(c) >= 0;
  }

  /** Not them. */
  @Override
  public String toString() {
    return "Redaction[" + secrets.size() + "]";
  }
}
