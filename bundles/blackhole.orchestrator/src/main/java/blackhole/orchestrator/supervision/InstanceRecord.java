package blackhole.orchestrator.supervision;

import blackhole.api.supervision.Failure;
import blackhole.api.supervision.FailureKind;
import blackhole.api.supervision.InstanceDetails;
import blackhole.orchestrator.evidence.Findings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What happened to one instance so far, for operators. Lives in the serial context. */
final class InstanceRecord {
  private static final int FAILURES_KEPT = 20;

  private int restarts;
  private long starts;
  private long stops;
  private final Map<FailureKind, Long> failuresByKind = new EnumMap<>(FailureKind.class);
  private Optional<Instant> lastRestart = Optional.empty();
  private Optional<String> lastExit = Optional.empty();
  private List<Failure> failures = List.of();

  void restore(Remembered earlier) {
    restarts = earlier.restarts();
    lastRestart = earlier.lastRestart();
    lastExit = earlier.lastExit();
  }

  void launched() {
    starts++;
  }

  void restarted(Instant when) {
    restarts++;
    lastRestart = Optional.of(when);
  }

  /**
   * @param failure whether nobody had asked for it
   */
  void exited(ExitCause cause, boolean failure) {
    lastExit = Optional.of(cause.words());
    if (failure) {
      failuresByKind.merge(cause.kind(), 1L, Long::sum);
    } else {
      stops++;
    }
  }

  void failed(Instant when, ExitCause cause, HostProcess.End end) {
    Findings findings = end.remains().findings();
    List<Failure> longer = new ArrayList<>();
    longer.add(
        new Failure(
            when,
            cause.kind(),
            cause.exitCode(),
            cause.signal(),
            cause.words(),
            end.lived(),
            end.remains().lastLogLines(),
            findings.crashReport(),
            findings.heapDump(),
            end.remains().lastSamples()));
    longer.addAll(failures.subList(0, Math.min(failures.size(), FAILURES_KEPT - 1)));
    failures = List.copyOf(longer);
  }

  int restarts() {
    return restarts;
  }

  Optional<Instant> lastRestart() {
    return lastRestart;
  }

  Optional<String> lastExit() {
    return lastExit;
  }

  InstanceDetails.Counts counts() {
    return new InstanceDetails.Counts(starts, stops, failuresByKind);
  }

  /** Newest first; immutable. */
  List<Failure> failures() {
    return failures;
  }
}
