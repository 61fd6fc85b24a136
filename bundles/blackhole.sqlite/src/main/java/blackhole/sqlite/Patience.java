package blackhole.sqlite;

/** How long somebody waits for an answer, on the monotonic clock. Thread-safe. */
public interface Patience {
  /** What is left; 0 when it is over. */
  long remainingNanos();

  /** Whether nobody waits any more: the time has passed, or the caller has gone. */
  boolean isOver();
}
