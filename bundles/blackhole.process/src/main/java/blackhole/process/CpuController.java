package blackhole.process;

import java.util.OptionalDouble;

/** Shares out CPU time. */
interface CpuController {
  String NAME = "cpu";

  /** Long enough that threads are not switched for it all the time, short against a timeout. */
  long PERIOD_MICROS = 100_000;

  /** The least that the kernel takes. */
  long MIN_QUOTA_MICROS = 1_000;

  static CpuController of(Hierarchy.Version version) {
    return version == Hierarchy.Version.V1 ? new CpuV1() : new CpuV2();
  }

  /**
   * @param cores empty for as many as there are
   */
  Outcome quota(Controls group, OptionalDouble cores);

  /**
   * @param weight 100 is usual
   */
  Outcome weight(Controls group, int weight);

  static long micros(double cores) {
    return Math.max(MIN_QUOTA_MICROS, Math.round(cores * PERIOD_MICROS));
  }
}
