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

  /** The time that a line begins with; empty for one that continues another. */
  static Optional<Instant> time(String line) {
    int end = line.indexOf(' ');
    if (end < SHORTEST_TIME || !Character.isDigit(line.charAt(0))) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(line.substring(0, end)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
