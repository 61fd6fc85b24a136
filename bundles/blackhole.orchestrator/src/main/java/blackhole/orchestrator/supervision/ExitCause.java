package blackhole.orchestrator.supervision;

import blackhole.api.supervision.FailureKind;
import blackhole.orchestrator.evidence.Crash;
import blackhole.orchestrator.evidence.Findings;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Why a process ended.
 *
 * @param kind {@link FailureKind#UNKNOWN} for a stop that was asked for, which is no failure
 * @param exitCode empty when there was no process, or its code cannot be known
 * @param signal by name, when one ended it
 */
record ExitCause(FailureKind kind, String words, OptionalInt exitCode, Optional<String> signal) {
  /** The JVM's own, by {@code -XX:+ExitOnOutOfMemoryError}, and a host's that can't go on. */
  private static final int EXHAUSTED = 3;

  /** By SIGKILL. */
  private static final int KILLED = 137;

  private record Name(FailureKind kind, String words) {
    Name and(String more) {
      return new Name(kind, words + more);
    }
  }

  /** Puts together what is known; {@code reached} is how hard we had tried to end it. */
  static ExitCause of(
      OptionalInt exitCode, Phase phase, Ask ask, Escalation reached, Evidence evidence) {
    Name name = name(exitCode, phase, ask, reached, evidence);
    return new ExitCause(name.kind(), name.words(), exitCode, signal(exitCode, evidence));
  }

  /** There never was a process. */
  static ExitCause notSpawned(String reason) {
    return new ExitCause(
        FailureKind.NOT_SPAWNED,
        "its process could not be started: " + reason,
        OptionalInt.empty(),
        Optional.empty());
  }

  /** After a fault the JVM writes its report and aborts: what went wrong says more than SIGABRT. */
  private static Optional<String> signal(OptionalInt exitCode, Evidence evidence) {
    if (exitCode.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> own = Signals.ofExitCode(exitCode.getAsInt());
    return Signals.isFault(exitCode.getAsInt())
        ? evidence.findings().crash().flatMap(Crash::signal).or(() -> own)
        : own;
  }

  private static Name name(
      OptionalInt exitCode, Phase phase, Ask ask, Escalation reached, Evidence evidence) {
    if (ask instanceof Ask.Stop stop) {
      return new Name(
          FailureKind.UNKNOWN, "stopped, as " + stop.who() + " asked" + how(exitCode, reached));
    }
    if (evidence.startFailure().isPresent()) {
      return new Name(
          FailureKind.START_FAILED, "could not start: " + evidence.startFailure().get());
    }
    if (ask instanceof Ask.Hung hung) {
      return new Name(FailureKind.HUNG, "hung: " + Words.unanswered(hung.unanswered()));
    }
    if (ask instanceof Ask.StartTimeout timeout) {
      String limit = Words.of(timeout.limit());
      return new Name(
          FailureKind.START_TIMEOUT,
          "not ready within " + limit + " (" + progress(phase, evidence) + ")");
    }
    if (ask instanceof Ask.Estranged estranged) {
      return new Name(
          FailureKind.HUNG,
          "did not call back within "
              + Words.of(estranged.limit())
              + " of the orchestrator's own restart");
    }
    if (ask instanceof Ask.Outside outside && reached == Escalation.KILL) {
      return new Name(
          FailureKind.DRAINED,
          "killed, because it did not end after a drain that came from outside ("
              + outside.reason()
              + ")");
    }
    return unasked(exitCode, evidence.findings()).and(after(phase, ask, evidence));
  }

  private static String how(OptionalInt exitCode, Escalation reached) {
    return switch (reached) {
      case KILL -> " (by SIGKILL)";
      case TERMINATE -> " (by SIGTERM)";
      case DRAIN -> exitCode.orElse(0) == 0 ? "" : " (with exit code " + exitCode.getAsInt() + ")";
    };
  }

  /** By what it left behind, as far as its exit code bears that out. */
  private static Name unasked(OptionalInt exitCode, Findings findings) {
    // one that was killed for its memory left by SIGKILL, unless the kernel took a child of it
    if (findings.cgroupKill().isPresent() && exitCode.orElse(KILLED) == KILLED) {
      return new Name(
          FailureKind.CGROUP_OUT_OF_MEMORY, "out of memory (" + findings.cgroupKill().get() + ")");
    }
    if (findings.exhausted().isPresent() && exitCode.orElse(EXHAUSTED) == EXHAUSTED) {
      return new Name(findings.exhausted().get().kind(), findings.exhausted().get().words());
    }
    if (findings.crash().isPresent() && exitCode.orElse(1) != KILLED) {
      Crash crash = findings.crash().get();
      return new Name(
          crash.outOfMemory() ? FailureKind.OUT_OF_MEMORY : FailureKind.CRASHED,
          crash.what() + findings.crashReport().map(file -> " (see " + file + ")").orElse(""));
    }
    return plain(exitCode);
  }

  /** By the exit code alone. */
  private static Name plain(OptionalInt exitCode) {
    if (exitCode.isEmpty()) {
      return new Name(FailureKind.UNKNOWN, "ended; its exit code is unknown (adopted)");
    }
    int code = exitCode.getAsInt();
    if (code == 0) {
      return new Name(FailureKind.EXITED, "exited with code 0, though nobody had asked it to");
    }
    if (code == EXHAUSTED) {
      return new Name(
          FailureKind.OUT_OF_MEMORY,
          "out of memory: the JVM could not go on and exited with code 3");
    }
    return Signals.ofExitCode(code)
        .map(signal -> bySignal(signal, Signals.isFault(code)))
        .orElse(new Name(FailureKind.EXITED, "exited with code " + code));
  }

  private static Name bySignal(String signal, boolean fault) {
    return fault
        ? new Name(FailureKind.CRASHED, "crashed with " + signal + " (its output may tell where)")
        : new Name(FailureKind.KILLED, "ended from outside by " + signal);
  }

  private static String after(Phase phase, Ask ask, Evidence evidence) {
    if (ask instanceof Ask.Outside outside) {
      return ", after a drain (" + outside.reason() + ")";
    }
    return switch (phase) {
      case BEFORE_HANDSHAKE -> ", before the handshake";
      case BEFORE_READY ->
          ", after the handshake but before it was ready (" + progress(phase, evidence) + ")";
      case READY -> "";
    };
  }

  private static String progress(Phase phase, Evidence evidence) {
    return evidence
        .lastStep()
        .map(step -> "last step: " + step)
        .orElse(phase == Phase.BEFORE_HANDSHAKE ? "no handshake" : "no step after the handshake");
  }
}
