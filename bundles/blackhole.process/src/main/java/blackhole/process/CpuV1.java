package blackhole.process;

import blackhole.process.Controls.Setting;
import java.util.Optional;

/** By the files of {@code Documentation/scheduler/sched-bwc.rst}. */
final class CpuV1 implements CpuController {
  private static final String QUOTA = "cpu.cfs_quota_us";
  private static final String PERIOD = "cpu.cfs_period_us";
  private static final String NO_QUOTA = "-1";
  private static final long USUAL_SHARES = 1024;
  private static final long MIN_SHARES = 2;

  @Override
  public Outcome quota(Controls group, Optional<CpuBandwidth> bandwidth) {
    if (bandwidth.isEmpty()) {
      return group.set(new Setting(QUOTA, NO_QUOTA));
    }
    CpuBandwidth wanted = bandwidth.get();
    if (!group.text(PERIOD).equals(Long.toString(wanted.periodMicros()))) {
      // between both writes its share would be another, which the groups above may not allow
      group.trySet(QUOTA, NO_QUOTA);
    }
    return group.set(
        new Setting(PERIOD, wanted.periodMicros()), new Setting(QUOTA, wanted.quotaMicros()));
  }

  @Override
  public Outcome weight(Controls group, int weight) {
    long shares = Math.max(MIN_SHARES, USUAL_SHARES * weight / 100);
    return group.set(new Setting("cpu.shares", shares));
  }
}
