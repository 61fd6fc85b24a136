package blackhole.orchestrator.node;

import blackhole.api.supervision.InstanceId;
import blackhole.orchestrator.control.ControlSessions;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * How a host is asked to go: first it leaves the registry, then callers get a moment to turn away,
 * and only when nobody calls it any more is it told to drain. So no call meets a closed door.
 *
 * @param registry where it is withdrawn from
 * @param patience how long callers may take; never more than half of what there is, so that the
 *     host keeps enough to finish its calls
 */
record Farewell(Withdrawal registry, ControlSessions sessions, Duration patience) {

  /** Takes a host out of the registry. */
  @FunctionalInterface
  interface Withdrawal {
    /**
     * @return completes, never exceptionally, when callers have turned away, or were waited for
     *     long enough
     */
    CompletionStage<Void> withdraw(InstanceId id, String hostId);
  }

  /**
   * Begins it, and returns at once.
   *
   * @param timeout for all of it
   * @return false when the host is not connected, and nothing was begun
   */
  boolean drain(InstanceId id, String hostId, Duration timeout) {
    if (sessions.find(hostId).isEmpty()) {
      return false;
    }
    long began = System.nanoTime();
    Duration half = timeout.dividedBy(2);
    Duration wait = half.compareTo(patience) < 0 ? half : patience;
    registry
        .withdraw(id, hostId)
        .toCompletableFuture()
        .copy()
        .completeOnTimeout(null, wait.toNanos(), TimeUnit.NANOSECONDS)
        .thenRun(() -> tell(hostId, timeout.minusNanos(System.nanoTime() - began)));
    return true;
  }

  /** It may have connected anew meanwhile; one that is gone for good meets the next escalation. */
  private void tell(String hostId, Duration left) {
    sessions
        .find(hostId)
        .ifPresent(session -> session.drain(left.isNegative() ? Duration.ZERO : left));
  }
}
