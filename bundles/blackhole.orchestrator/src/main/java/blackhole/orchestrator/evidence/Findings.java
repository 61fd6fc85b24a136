package blackhole.orchestrator.evidence;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What was found after the end of a process, beside its exit code.
 *
 * @param cgroupKill in words, when the kernel killed it for its memory: the limit
 * @param exhausted what it said, as its last words, that it ran out of
 * @param crash what the JVM's report about a fault says
 * @param crashReport the file of that report
 * @param heapDump the file of a heap dump
 */
public record Findings(
    Optional<String> cgroupKill,
    Optional<Exhaustion> exhausted,
    Optional<Crash> crash,
    Optional<Path> crashReport,
    Optional<Path> heapDump) {
  public static final Findings NONE =
      new Findings(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public static Findings ofCgroupKill(String limit) {
    return new Findings(
        Optional.of(limit), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  public static Findings ofExhaustion(Exhaustion exhausted) {
    return new Findings(
        Optional.empty(),
        Optional.of(exhausted),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public static Findings ofCrash(Crash crash, Path report) {
    return new Findings(
        Optional.empty(),
        Optional.empty(),
        Optional.of(crash),
        Optional.of(report),
        Optional.empty());
  }
}
