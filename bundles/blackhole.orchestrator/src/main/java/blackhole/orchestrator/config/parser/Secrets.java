package blackhole.orchestrator.config.parser;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The resolved secrets of a configuration: enough to take them out of a text, never to print them.
 * Immutable.
 */
public final class Secrets {
  /** No secrets at all. */
  public static final Secrets NONE = new Secrets(List.of());

  private static final String HIDDEN = "***";

  /** Shorter ones would take innocent letters out of every line, and protect nothing. */
  private static final int MIN_LENGTH = 4;

  private final List<String> values;

  Secrets(Collection<String> values) {
    // longest first, in case one holds another
    this.values =
        values.stream()
            .filter(value -> value.length() >= MIN_LENGTH)
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /** The text with each secret (of four characters or more) hidden. */
  public String redact(String text) {
    String redacted = text;
    for (String value : values) {
      redacted = redacted.replace(value, HIDDEN);
    }
    return redacted;
  }

  @Override
  public String toString() {
    return "Secrets[" + values.size() + "]";
  }
}
