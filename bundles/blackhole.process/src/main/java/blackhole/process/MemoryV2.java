package blackhole.process;

import blackhole.process.Controls.Setting;

/** By the files of {@code Documentation/admin-guide/cgroup-v2.rst}. */
final class MemoryV2 implements MemoryController {
  private static final String EVENTS = "memory.events";

  @Override
  public Outcome limit(Controls group, long bytes) {
    // a limit that swap gets around is none
    group.trySet("memory.swap.max", "0");
    // a host without one of its processes is not half alive, it is broken
    group.trySet("memory.oom.group", "1");
    return group.set(new Setting("memory.max", bytes));
  }

  @Override
  public Outcome softLimit(Controls group, long bytes) {
    return group.set(new Setting("memory.high", bytes));
  }

  @Override
  public long kills(Controls group) {
    return group.count(EVENTS, "oom_kill");
  }

  @Override
  public boolean reachedLimit(Controls group) {
    return group.count(EVENTS, "oom") > 0;
  }
}
