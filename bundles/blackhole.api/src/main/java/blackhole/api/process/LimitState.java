package blackhole.api.process;

/**
 * Whether a limit holds.
 *
 * @param how by what it is enforced; empty when it is not
 * @param reason why it is not enforced, in words; empty when it is
 */
public record LimitState(Kind kind, boolean enforced, String how, String reason) {
  /** The parts of {@link ProcessLimits}. */
  public enum Kind {
    MEMORY,
    SOFT_MEMORY,
    CPU_QUOTA,
    CPU_WEIGHT,
    IO_LEVEL,
    OPEN_FILES,
    THREADS
  }

  public static LimitState enforced(Kind kind, String how) {
    return new LimitState(kind, true, how, "");
  }

  public static LimitState notEnforced(Kind kind, String reason) {
    return new LimitState(kind, false, "", reason);
  }
}
