package blackhole.bench;

import java.time.Duration;

/**
 * How thoroughly something is measured.
 *
 * @param rounds how often
 * @param isShort to see that it works, and roughly where it stands: with a quarter of the warm-up,
 *     and of what else is long
 */
public record Effort(int rounds, boolean isShort) {
  private static final int SHORTER = 4;

  /** What takes this long in a full run. */
  public Duration of(Duration full) {
    return isShort ? full.dividedBy(SHORTER) : full;
  }

  /** One of two. */
  public <T> T choose(T full, T brief) {
    return isShort ? brief : full;
  }
}
