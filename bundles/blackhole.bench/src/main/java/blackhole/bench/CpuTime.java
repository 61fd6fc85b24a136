package blackhole.bench;

import java.time.Duration;

/** The processor time of a process, from a moment on. */
public record CpuTime(long pid, Duration used, long nanoTime) {
  public static CpuTime of(long pid) {
    return new CpuTime(pid, used(pid), System.nanoTime());
  }

  /** Of one core. */
  public double percentSince() {
    return 100.0 * used(pid).minus(used).toNanos() / (System.nanoTime() - nanoTime);
  }

  private static Duration used(long pid) {
    return ProcessHandle.of(pid).flatMap(handle -> handle.info().totalCpuDuration()).orElseThrow();
  }
}
