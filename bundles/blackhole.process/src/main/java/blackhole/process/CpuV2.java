package blackhole.process;

import blackhole.process.Controls.Setting;
import java.util.Optional;

/** By the files of {@code Documentation/admin-guide/cgroup-v2.rst}. */
final class CpuV2 implements CpuController {
  private static final int MAX_WEIGHT = 10_000;

  /** As a new group has it. */
  private static final String NO_QUOTA = "max 100000";

  @Override
  public Outcome quota(Controls group, Optional<CpuBandwidth> bandwidth) {
    return group.set(
        new Setting(
            "cpu.max",
            bandwidth
                .map(wanted -> wanted.quotaMicros() + " " + wanted.periodMicros())
                .orElse(NO_QUOTA)));
  }

  @Override
  public Outcome weight(Controls group, int weight) {
    return group.set(new Setting("cpu.weight", Math.max(1, Math.min(MAX_WEIGHT, weight))));
  }
}
