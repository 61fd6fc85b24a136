package blackhole.shell.log;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * A line of an instance's log.
 *
 * @param time what it begins with; a line of a stack trace has that of the line it belongs to
 */
public record LogLine(int instance, Instant time, String text) {
  /** The shortest ISO-8601 time, {@code 2026-01-01T00:00:00Z}. */
  private static final int SHORTEST_TIME = 20;

  /** How a line begins that is a JSON object. */
  private static final String JSON_TIME = "{\"time\":\"";

  /** The time that a line begins with; empty for one that continues another. */
  static Optional<Instant> time(String line) {
    boolean json = line.startsWith(JSON_TIME);
    int begin = json ? JSON_TIME.length() : 0;
    int end = line.indexOf(json ? '"' : ' ', begin);
    if (end - begin < SHORTEST_TIME || !Character.isDigit(line.charAt(begin))) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(line.substring(begin, end)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
