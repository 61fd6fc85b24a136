package blackhole.process;

import blackhole.process.Controls.Setting;

/**
 * Limits how many threads a group has, those of all its processes together, by the {@code pids}
 * controller, which is the same in v1 and in v2.
 */
final class ThreadController {
  static final String NAME = "pids";

  private static final String LIMIT = "pids.max";

  Outcome limit(Controls group, int threads) {
    return group.set(new Setting(LIMIT, threads));
  }
}
