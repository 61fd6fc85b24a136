package blackhole.bench.scale;

import blackhole.bench.CpuTime;
import blackhole.bench.ProcessMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * What a process used while it was looked at.
 *
 * @param cpuPercent of one core
 * @param pssMegabytes proportional set size, at the end
 */
record ProcessCost(double cpuPercent, double pssMegabytes) {
  static ProcessCost over(long pid, Duration time) throws IOException {
    CpuTime cpu = CpuTime.of(pid);
    long began = System.nanoTime();
    long end = began + time.toNanos();
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    return new ProcessCost(cpu.percentSince(), ProcessMemory.pssMegabytes(pid));
  }
}
