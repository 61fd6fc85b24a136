package blackhole.host;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** A collection that the orchestrator asks for, when memory is short. */
final class GarbageCollection {
  private static final Logger LOG = System.getLogger(GarbageCollection.class.getName());
  private static final int BYTES_PER_MB = 1 << 20;

  /**
   * The serial collector gives the system none of what it does not need after one collection, a
   * tenth after the next, then four tenths, and all after the fourth in a row.
   */
  private static final int STEPS = 4;

  private GarbageCollection() {}

  /**
   * Stops the world, and gives memory back where there is enough of it. Does nothing under {@code
   * -XX:+DisableExplicitGC}.
   */
  static void run() {
    long used = used();
    long held = Runtime.getRuntime().totalMemory();
    int times = 0;
    do {
      System.gc();
      times++;
    } while (times < STEPS && isWorthGivingBack(Runtime.getRuntime().totalMemory(), used()));
    LOG.log(
        Level.INFO,
        "collected garbage, as the orchestrator asked: {0} MB of {1} MB of heap in use,"
            + " {2} MB of {3} MB before",
        used() / BYTES_PER_MB,
        Runtime.getRuntime().totalMemory() / BYTES_PER_MB,
        used / BYTES_PER_MB,
        held / BYTES_PER_MB);
  }

  /** A heap of which most is needed does not shrink, however often it is collected. */
  static boolean isWorthGivingBack(long heldBytes, long usedBytes) {
    return heldBytes / 2 > Math.max(usedBytes, 8L * BYTES_PER_MB);
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
