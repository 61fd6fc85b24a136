package blackhole.orchestrator.supervision;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Why a process ended.
 *
 * @param exitCode empty when there was no process, or its code cannot be known
 * @param signal by name, when one ended it
 */
record ExitCause(String words, OptionalInt exitCode, Optional<String> signal) {
  /** The JVM's own, by {@code -XX:+ExitOnOutOfMemoryError}. */
  private static final int OUT_OF_MEMORY = 3;

  /** By SIGKILL. */
  private static final int KILLED = 137;

  /** Puts together what is known; {@code reached} is how hard we had tried to end it. */
  static ExitCause of(
      OptionalInt exitCode, Phase phase, Ask ask, Escalation reached, Evidence evidence) {
    Optional<String> signal =
        exitCode.isPresent() ? Signals.ofExitCode(exitCode.getAsInt()) : Optional.empty();
    return new ExitCause(words(exitCode, phase, ask, reached, evidence), exitCode, signal);
  }

  /** There never was a process. */
  static ExitCause notSpawned(String reason) {
    return new ExitCause(
        "its process could not be started: " + reason, OptionalInt.empty(), Optional.empty());
  }

  private static String words(
      OptionalInt exitCode, Phase phase, Ask ask, Escalation reached, Evidence evidence) {
    if (ask instanceof Ask.Stop stop) {
      return "stopped, as " + stop.who() + " asked" + how(exitCode, reached);
    }
    if (evidence.startFailure().isPresent()) {
      return "could not start: " + evidence.startFailure().get();
    }
    if (ask instanceof Ask.Hung hung) {
      return "hung: " + Words.unanswered(hung.unanswered());
    }
    if (ask instanceof Ask.StartTimeout timeout) {
      return "not ready within "
          + Words.of(timeout.limit())
          + " ("
          + progress(phase, evidence)
          + ")";
    }
    if (ask instanceof Ask.Outside outside && reached == Escalation.KILL) {
      return "killed, because it did not end after a drain that came from outside ("
          + outside.reason()
          + ")";
    }
    return plain(exitCode, evidence) + after(phase, ask, evidence);
  }

  private static String how(OptionalInt exitCode, Escalation reached) {
    return switch (reached) {
      case KILL -> " (by SIGKILL)";
      case TERMINATE -> " (by SIGTERM)";
      case DRAIN -> exitCode.orElse(0) == 0 ? "" : " (with exit code " + exitCode.getAsInt() + ")";
    };
  }

  /** By the exit code alone. */
  private static String plain(OptionalInt exitCode, Evidence evidence) {
    // one that was killed for its memory left by SIGKILL, unless the kernel took a child of it
    if (evidence.outOfMemory().isPresent() && exitCode.orElse(KILLED) == KILLED) {
      return "out of memory (" + evidence.outOfMemory().get() + ")";
    }
    if (exitCode.isEmpty()) {
      return "ended; how, cannot be known";
    }
    int code = exitCode.getAsInt();
    if (code == 0) {
      return "exited with code 0, though nobody had asked it to";
    }
    if (code == OUT_OF_MEMORY) {
      return "out of memory: the JVM could not go on and exited with code 3";
    }
    return Signals.ofExitCode(code)
        .map(signal -> bySignal(signal, Signals.isFault(code)))
        .orElse("exited with code " + code);
  }

  private static String bySignal(String signal, boolean fault) {
    return fault
        ? "crashed with " + signal + " (its output and hs_err file tell where)"
        : "ended from outside by " + signal;
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
