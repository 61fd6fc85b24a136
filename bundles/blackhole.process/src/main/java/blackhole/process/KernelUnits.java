package blackhole.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the kernel counts in, which differs between machines.
 *
 * @param pageBytes a page of memory
 * @param ticksPerSecond clock ticks
 */
record KernelUnits(long pageBytes, long ticksPerSecond) {
  private static final KernelUnits USUAL = new KernelUnits(4096, 100);
  private static final int AT_PAGESZ = 6;
  private static final int AT_CLKTCK = 17;

  /**
   * This machine's, from what the kernel told our own process when it started; see getauxval(3).
   */
  static KernelUnits read() {
    try {
      return parse(Files.readAllBytes(Path.of("/proc/self/auxv")));
    } catch (IOException e) {
      return USUAL;
    }
  }

  /** From pairs of native longs: what it is, and its value. */
  static KernelUnits parse(byte[] auxiliaryVector) {
    long pageBytes = USUAL.pageBytes;
    long ticksPerSecond = USUAL.ticksPerSecond;
    ByteBuffer pairs = ByteBuffer.wrap(auxiliaryVector).order(ByteOrder.nativeOrder());
    while (pairs.remaining() >= 2 * Long.BYTES) {
      long type = pairs.getLong();
      long value = pairs.getLong();
      if (type == AT_PAGESZ) {
        pageBytes = value;
      } else if (type == AT_CLKTCK) {
        ticksPerSecond = value;
      }
    }
    return new KernelUnits(pageBytes, ticksPerSecond);
  }

  long bytes(long pages) {
    return pages * pageBytes;
  }

  Duration time(long ticks) {
    return Duration.ofSeconds(ticks / ticksPerSecond)
        .plusNanos(ticks % ticksPerSecond * 1_000_000_000L / ticksPerSecond);
  }
}
