package blackhole.orchestrator.supervision;

import blackhole.api.service.HealthResult;
import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceState;
import blackhole.orchestrator.evidence.Findings;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Where an instance stands. Each state is an immutable value that says what follows from each
 * event; events that it does not mention leave it as it is. No state does any I/O: see {@link
 * Step}.
 */
sealed interface State
    permits Stopped, Waiting, Queued, Starting, Adopting, Ready, Ending, Backoff, Failed {
  /** As operators see it. */
  InstanceState shown();

  /** Why it is so, in words; empty when there is nothing to say. */
  String message(Dependencies dependencies);

  default InstanceHealth health(Dependencies dependencies) {
    return InstanceHealth.DOWN;
  }

  /** Whether its health goes up and down; see {@link HealthTrend}. */
  default boolean flaps() {
    return false;
  }

  /**
   * When it is next started, in monotonic nanoseconds; now at the earliest. Empty when it runs, or
   * when nobody is going to start it.
   */
  default OptionalLong nextStart(long now) {
    return OptionalLong.empty();
  }

  /** Is there a process, or one on its way? */
  default boolean hasProcess() {
    return false;
  }

  // commands

  Step start(Moment now, String who);

  Step stop(Moment now, String who, StopBudget budget);

  Step restart(Moment now, String who, StopBudget budget);

  /** A stop that does not wait for anything. */
  default Step kill(Moment now, String who) {
    return stop(now, who, now.budget());
  }

  // from the node

  /** Something that its service depends on has changed. */
  default Step dependenciesChanged(Moment now) {
    return now.stay(this);
  }

  /** It may start: not too many others are at it. */
  default Step granted(Moment now) {
    return now.stay(this);
  }

  default Step timerFired(Moment now) {
    return now.stay(this);
  }

  // from the process

  default Step spawned(Moment now) {
    return now.stay(this);
  }

  default Step spawnFailed(Moment now, String reason) {
    return now.stay(this);
  }

  /**
   * Its process has ended.
   *
   * @param findings what it left behind
   */
  default Step exited(Moment now, OptionalInt exitCode, Findings findings) {
    return now.stay(this);
  }

  // from the host, over its control stream

  default Step greeted(Moment now) {
    return now.stay(this);
  }

  default Step progressed(Moment now, String step) {
    return now.stay(this);
  }

  /**
   * The service is there.
   *
   * @param words how it went, for the journal
   */
  default Step announcedReady(Moment now, String words) {
    return now.stay(this);
  }

  default Step announcedFailure(Moment now, String reason) {
    return now.stay(this);
  }

  default Step announcedDraining(Moment now, String reason) {
    return now.stay(this);
  }

  default Step controlLost(Moment now) {
    return now.stay(this);
  }

  /** The host could not be asked to drain. */
  default Step drainRefused(Moment now) {
    return now.stay(this);
  }

  // from its health checks

  default Step healthAnswered(Moment now, HealthResult result) {
    return now.stay(this);
  }

  default Step healthUnanswered(Moment now) {
    return now.stay(this);
  }
}
