package blackhole.process;

import blackhole.process.Controls.Setting;
import java.util.Optional;

/** Shares out CPU time. */
interface CpuController {
  String NAME = "cpu";

  /** Of v1 and of v2, since Linux 5.15. */
  String BACKGROUND = "cpu.idle";

  static CpuController of(Hierarchy.Version version) {
    return version == Hierarchy.Version.V1 ? new CpuV1() : new CpuV2();
  }

  /**
   * @param bandwidth empty for all that there is
   */
  Outcome quota(Controls group, Optional<CpuBandwidth> bandwidth);

  /**
   * Not of a group in the background.
   *
   * @param weight 100 is usual
   */
  Outcome weight(Controls group, int weight);

  /** From now on it gets what the groups beside it leave: whoever wakes there goes first. */
  default Outcome toBackground(Controls group) {
    return group.set(new Setting(BACKGROUND, 1));
  }

  /** Does nothing where it is not. Its weight is the usual one then. */
  default void toForeground(Controls group) {
    group.trySet(BACKGROUND, "0");
  }
}
