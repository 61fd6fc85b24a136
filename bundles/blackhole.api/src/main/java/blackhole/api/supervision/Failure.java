package blackhole.api.supervision;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One end of an instance's process that nobody asked for.
 *
 * @param exitCode as the system gave it; empty when there never was a process
 * @param signal the name of the signal that ended it, for example {@code SIGKILL}; of the fault,
 *     where the JVM named one in its crash report
 * @param cause in words, for a person
 * @param lived from spawn to exit
 * @param lastLogLines the last lines of its log and output, oldest first
 * @param crashReport the JVM's file about a fault ({@code hs_err}); a bounded number of them is
 *     kept, so it may be gone by now
 * @param heapDump as {@code crashReport}
 * @param lastSamples the last regular ones, oldest first; none when it lived for less than an
 *     interval
 */
public record Failure(
    Instant time,
    FailureKind kind,
    OptionalInt exitCode,
    Optional<String> signal,
    String cause,
    Duration lived,
    List<String> lastLogLines,
    Optional<Path> crashReport,
    Optional<Path> heapDump,
    List<ProcessUsage> lastSamples) {
  public Failure {
    lastLogLines = List.copyOf(lastLogLines);
    lastSamples = List.copyOf(lastSamples);
  }
}
