package blackhole.orchestrator.scaling;

/**
 * What a round leads to.
 *
 * @param to the number of instances that is wanted
 * @param words why, with the numbers
 * @param next for the next round
 */
record Verdict(Kind kind, int from, int to, String words, ScalerState next) {
  enum Kind {
    UP(true),
    DOWN(true),
    /** There is nothing to do, or not for long enough yet. */
    STEADY(false),
    /** It has too few already, and may have no more. */
    AT_MAX(true),
    /** It has too few, but the last step was not long ago. */
    COOLDOWN(true),
    /** An instance starts, has only just started, drains or was stopped; which is said anyway. */
    MOVING(false),
    /** What an instance uses is not known, or it does not run. */
    UNKNOWN(true);

    private final boolean worthSaying;

    Kind(boolean worthSaying) {
      this.worthSaying = worthSaying;
    }

    /** To an operator, when it begins. */
    boolean isWorthSaying() {
      return worthSaying;
    }
  }

  boolean isStep() {
    return from != to;
  }
}
