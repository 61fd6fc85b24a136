package blackhole.bench;

import java.io.IOException;
import java.time.Duration;

/**
 * What a process used while it was looked at.
 *
 * @param cpuPercent of one core
 * @param pssMegabytes proportional set size, at the end
 */
public record ProcessCost(double cpuPercent, double pssMegabytes) {
  public static ProcessCost over(long pid, Duration time) throws IOException {
    CpuTime cpu = CpuTime.of(pid);
    Pause.of(time);
    return new ProcessCost(cpu.percentSince(), ProcessMemory.pssMegabytes(pid));
  }
}
