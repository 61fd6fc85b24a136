package blackhole.bench.scale;

import blackhole.bench.ProcessMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a process used while it was looked at.
 *
 * @param cpuPercent of one core
 * @param pssMegabytes proportional set size, at the end
 */
record ProcessCost(double cpuPercent, double pssMegabytes) {
  static ProcessCost over(long pid, Duration time) throws IOException {
    Duration before = cpu(pid);
    long began = System.nanoTime();
    long end = began + time.toNanos();
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    double seconds = (System.nanoTime() - began) / (double) TimeUnit.SECONDS.toNanos(1);
    Duration used = cpu(pid).minus(before);
    return new ProcessCost(
        100 * used.toMillis() / 1000.0 / seconds, ProcessMemory.pssMegabytes(pid));
  }

  private static Duration cpu(long pid) {
    return ProcessHandle.of(pid).flatMap(handle -> handle.info().totalCpuDuration()).orElseThrow();
  }
}
