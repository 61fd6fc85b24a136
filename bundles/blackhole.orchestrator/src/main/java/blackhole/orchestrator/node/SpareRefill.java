package blackhole.orchestrator.node;

/**
 * Whether the place of a spare that was taken is filled: not while processes of a service are
 * changed, which has enough to do, unless that waits for a spare itself. Thread-safe.
 */
final class SpareRefill {
  private volatile boolean held;
  private volatile boolean awaited;

  /** From now on only what is {@linkplain #await awaited} is prepared. */
  void hold() {
    awaited = false;
    held = true;
  }

  void release() {
    held = false;
  }

  /**
   * @param now whether somebody waits for one
   */
  void await(boolean now) {
    awaited = now;
  }

  boolean mayStart() {
    return !held || awaited;
  }
}
