package blackhole.endpoint.thread;

import org.jspecify.annotations.Nullable;

/**
 * What a watch makes of what it sees when it looks at a loop every now and then. It has no clock
 * and no thread; not thread-safe.
 */
final class Watch {
  /** What to do after a look. */
  enum Verdict {
    GO_ON,
    TAKE_OVER,
    SLEEP
  }

  /**
   * A thread that waits for something is blocked. One that is running may only be out of luck, with
   * other threads on the processors, and it may be done before another could take over.
   */
  static final int LOOKS_AT_A_RUNNING_TURN = 4;

  /** So that a loop with now and then a call doesn't wake its watch for each of them. */
  static final int LOOKS_AT_NOTHING = 20;

  private @Nullable Turn last;
  private int sameTurn;
  private int nothing;

  /**
   * @param turn that is being run, or null when none is
   * @param state of the thread that runs it
   */
  Verdict look(@Nullable Turn turn, Thread.State state) {
    if (turn == null) {
      last = null;
      return ++nothing < LOOKS_AT_NOTHING ? Verdict.GO_ON : sleep();
    }
    nothing = 0;
    sameTurn = turn == last ? sameTurn + 1 : 1;
    last = turn;
    boolean stuck = state != Thread.State.RUNNABLE || sameTurn > LOOKS_AT_A_RUNNING_TURN;
    return stuck ? Verdict.TAKE_OVER : Verdict.GO_ON;
  }

  private Verdict sleep() {
    nothing = 0;
    return Verdict.SLEEP;
  }
}
