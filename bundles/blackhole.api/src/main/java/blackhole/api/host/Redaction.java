package blackhole.api.host;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes secrets out of what is logged or shown: those that it knows, as they are, and whatever
 * stands behind the word {@code Bearer}, however it is spelled. A secret that somebody has encoded
 * is not found. Immutable.
 */
public final class Redaction {
  /** One that knows no secrets. */
  public static final Redaction NONE = new Redaction(Set.of());

  private static final String HIDDEN = "***";

  /** As RFC 6750 has them, and as they are when a secret was taken out of the middle of one. */
  private static final Pattern TOKEN =
      Pattern.compile("(bearer )[A-Za-z0-9\\-._~+/=*]+", Pattern.CASE_INSENSITIVE);

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
    return TOKEN.matcher(redacted).replaceAll("$1" + HIDDEN);
  }

  /** Not them. */
  @Override
  public String toString() {
    return "Redaction[" + secrets.size() + "]";
  }
}
