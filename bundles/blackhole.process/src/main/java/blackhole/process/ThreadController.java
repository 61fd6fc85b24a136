package blackhole.process;

import blackhole.process.Controls.Setting;
import java.util.OptionalInt;

/**
 * Limits how many threads a group has, those of all its processes together, by the {@code pids}
 * controller, which is the same in v1 and in v2.
 */
final class ThreadController {
  static final String NAME = "pids";

  private static final String LIMIT = "pids.max";

  /**
   * @param threads empty for as many as there are
   */
  Outcome limit(Controls group, OptionalInt threads) {
    return group.set(
        new Setting(LIMIT, threads.isPresent() ? Integer.toString(threads.getAsInt()) : "max"));
  }
}
