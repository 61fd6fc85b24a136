package blackhole.process;

import blackhole.process.Controls.Setting;
import java.util.OptionalDouble;

/** By the files of {@code Documentation/scheduler/sched-bwc.rst}. */
final class CpuV1 implements CpuController {
  private static final long NO_QUOTA = -1;
  private static final long USUAL_SHARES = 1024;
  private static final long MIN_SHARES = 2;

  @Override
  public Outcome quota(Controls group, OptionalDouble cores) {
    long quota = cores.isPresent() ? CpuController.micros(cores.getAsDouble()) : NO_QUOTA;
    return group.set(
        new Setting("cpu.cfs_period_us", PERIOD_MICROS), new Setting("cpu.cfs_quota_us", quota));
  }

  @Override
  public Outcome weight(Controls group, int weight) {
    long shares = Math.max(MIN_SHARES, USUAL_SHARES * weight / 100);
    return group.set(new Setting("cpu.shares", shares));
  }
}
