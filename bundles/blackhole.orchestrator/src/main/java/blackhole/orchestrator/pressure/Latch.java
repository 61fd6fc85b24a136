package blackhole.orchestrator.pressure;

/** Whether a signal holds. Not thread-safe. */
final class Latch {
  private boolean on;
  private int streak;

  boolean isOn() {
    return on;
  }

  /**
   * One more sample.
   *
   * @return whether the signal has begun or ended with it
   */
  boolean look(double ratio, Band band) {
    boolean against = on ? ratio < band.end() : ratio >= band.begin();
    streak = against ? streak + 1 : 0;
    if (streak < band.samples()) {
      return false;
    }
    on = !on;
    streak = 0;
    return true;
  }
}
