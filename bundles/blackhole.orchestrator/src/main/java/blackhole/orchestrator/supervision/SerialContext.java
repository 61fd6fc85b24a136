package blackhole.orchestrator.supervision;

import java.time.Duration;
import java.time.Instant;

/**
 * Runs tasks one after the other, in the order in which they came: what only they touch needs no
 * locks. Thread-safe. A task must not block.
 */
public interface SerialContext {
  /** Runs a task after those that are waiting, even when called from one of them. */
  void execute(Runnable task);

  /** Runs a task in this context after a delay. */
  Cancellable schedule(Duration delay, Runnable task);

  /** Runs a task that takes a moment (a system call, a short-lived program) outside of it. */
  void offload(Runnable task);

  /** Monotonic. All decisions stand on this one. */
  long nanoTime();

  /** The wall clock, to tell people; it may jump. */
  Instant wallTime();

  /** A task that has not run yet. */
  interface Cancellable {
    void cancel();
  }
}
