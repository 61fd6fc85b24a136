package blackhole.orchestrator.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The flags of a host's JVM, computed from the memory that the whole process may use. A JVM with a
 * gRPC server needs about 115 MB beside its heap under load, so a heap as large as the limit would
 * end in an OOM kill.
 *
 * <p>Heaps come in a few classes (4, 5 and 6 times a power of two), so that one warm spare fits
 * many services.
 */
public final class JvmFlags {
  private static final long MB = 1L << 20;

  /** Below this there is no room for a heap worth having. */
  public static final long MIN_MEMORY_BYTES = 192 * MB;

  private static final long MAX_DIRECT_BYTES = 64 * MB;
  private static final long RESERVED_BYTES = 96 * MB;
  private static final long DIRECT_STEP_MB = 8;

  private JvmFlags() {}

  /** All flags; {@code jvmArgs} come last, so that they win. */
  public static List<String> of(ResourceLimits limits, List<String> jvmArgs) {
    List<String> flags = new ArrayList<>(of(limits.maxMemoryBytes()));
    flags.addAll(jvmArgs);
    return List.copyOf(flags);
  }

  /**
   * The flags that follow from a limit.
   *
   * @throws IllegalArgumentException below {@link #MIN_MEMORY_BYTES}
   */
  public static List<String> of(long maxMemoryBytes) {
    if (maxMemoryBytes < MIN_MEMORY_BYTES) {
      throw new IllegalArgumentException(
          "max_memory of "
              + maxMemoryBytes
              + " bytes, expected at least "
              + MIN_MEMORY_BYTES / MB
              + "MB");
    }
    return List.of(
        // a heap that starts small: an idle service stays small
        "-Xms10m",
        "-Xmx" + heapMegabytes(maxMemoryBytes) + "m",
        "-XX:MaxDirectMemorySize=" + directMegabytes(maxMemoryBytes) + "m",
        // an idle host has 25 MB: only what leaks classes comes near, and it should be named so
        "-XX:MaxMetaspaceSize=" + heapMegabytes(maxMemoryBytes) + "m",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError");
  }

  private static long heapMegabytes(long limit) {
    long beside = RESERVED_BYTES + directBytes(limit);
    // limit / 4 * 3: no overflow
    return heapClass(Math.min(limit / 4 * 3, limit - beside) / MB);
  }

  private static long directBytes(long limit) {
    return Math.min(MAX_DIRECT_BYTES, limit / 8);
  }

  private static long directMegabytes(long limit) {
    return directBytes(limit) / MB / DIRECT_STEP_MB * DIRECT_STEP_MB;
  }

  /** The largest of 4, 5 and 6 times a power of two that is not above {@code megabytes}. */
  private static long heapClass(long megabytes) {
    long quarter = Long.highestOneBit(megabytes) / 4;
    return Math.min(6, megabytes / quarter) * quarter;
  }
}
