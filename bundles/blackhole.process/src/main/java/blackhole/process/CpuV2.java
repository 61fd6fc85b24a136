package blackhole.process;

import blackhole.process.Controls.Setting;
import java.util.OptionalDouble;

/** By the files of {@code Documentation/admin-guide/cgroup-v2.rst}. */
final class CpuV2 implements CpuController {
  private static final int MAX_WEIGHT = 10_000;

  @Override
  public Outcome quota(Controls group, OptionalDouble cores) {
    String quota =
        cores.isPresent() ? Long.toString(CpuController.micros(cores.getAsDouble())) : "max";
    return group.set(new Setting("cpu.max", quota + " " + PERIOD_MICROS));
  }

  @Override
  public Outcome weight(Controls group, int weight) {
    return group.set(new Setting("cpu.weight", Math.max(1, Math.min(MAX_WEIGHT, weight))));
  }
}
