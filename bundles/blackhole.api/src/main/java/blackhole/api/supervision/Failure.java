package blackhole.api.supervision;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One end of an instance's process that nobody asked for.
 *
 * @param exitCode as the system gave it; empty when there never was a process
 * @param signal the name of the signal that ended it, for example {@code SIGKILL}
 * @param cause in words, for a person
 * @param lived from spawn to exit
 * @param lastLogLines the last lines of its log and output, oldest first
 */
public record Failure(
    Instant time,
    OptionalInt exitCode,
    Optional<String> signal,
    String cause,
    Duration lived,
    List<String> lastLogLines) {
  public Failure {
    lastLogLines = List.copyOf(lastLogLines);
  }
}
