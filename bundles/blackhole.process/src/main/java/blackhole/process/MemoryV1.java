package blackhole.process;

import blackhole.process.Controls.Setting;

/** By the files of {@code Documentation/admin-guide/cgroup-v1/memory.rst}. */
final class MemoryV1 implements MemoryController {
  private static final String LIMIT = "memory.limit_in_bytes";

  private static final long CHARGE_STEP_BYTES = 1 << 20;

  /** Memory and swap together, never below memory alone; only where swap is accounted. */
  private static final String WITH_SWAP = "memory.memsw.limit_in_bytes";

  @Override
  public Outcome limit(Controls group, long bytes) {
    // the greater of both limits moves first when they grow, and last when they shrink
    group.trySet(WITH_SWAP, Long.toString(bytes));
    Outcome outcome = group.set(new Setting(LIMIT, bytes));
    group.trySet(WITH_SWAP, Long.toString(bytes));
    return outcome;
  }

  @Override
  public Outcome softLimit(Controls group, long bytes) {
    return group.set(new Setting("memory.soft_limit_in_bytes", bytes));
  }

  @Override
  public long kills(Controls group) {
    return group.count("memory.oom_control", "oom_kill");
  }

  @Override
  public boolean reachedLimit(Controls group) {
    // not by memory.failcnt, which newer kernels leave at 0; they charge in steps of some pages
    long limit = number(group, LIMIT);
    return limit > 0 && number(group, "memory.max_usage_in_bytes") >= limit - CHARGE_STEP_BYTES;
  }

  private static long number(Controls group, String control) {
    try {
      return Long.parseLong(group.text(control));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
