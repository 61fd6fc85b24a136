package blackhole.endpoint.thread;

import static blackhole.endpoint.thread.Watch.Verdict.GO_ON;
import static blackhole.endpoint.thread.Watch.Verdict.SLEEP;
import static blackhole.endpoint.thread.Watch.Verdict.TAKE_OVER;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.Thread.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WatchTest {
  private final Watch watch = new Watch();

  @ParameterizedTest
  @EnumSource(names = {"BLOCKED", "WAITING", "TIMED_WAITING"})
  void takesOverFromAThreadThatWaitsAtOnce(State waiting) {
    assertThat(watch.look(turn(), waiting)).isEqualTo(TAKE_OVER);
  }

  @Test
  void givesARunningTurnSomeTime() {
    Turn turn = turn();
    for (int i = 0; i < Watch.LOOKS_AT_A_RUNNING_TURN; i++) {
      assertThat(watch.look(turn, State.RUNNABLE)).isEqualTo(GO_ON);
    }
    assertThat(watch.look(turn, State.RUNNABLE)).isEqualTo(TAKE_OVER);
  }

  @Test
  void leavesAThreadAloneThatGetsOnWithItsTurns() {
    for (int i = 0; i < 1000; i++) {
      assertThat(watch.look(turn(), State.RUNNABLE)).isEqualTo(GO_ON);
    }
  }

  @Test
  void sleepsWhenThereIsNothingToSeeForAWhile() {
    for (int sleeps = 0; sleeps < 3; sleeps++) {
      for (int i = 1; i < Watch.LOOKS_AT_NOTHING; i++) {
        assertThat(watch.look(null, State.RUNNABLE)).isEqualTo(GO_ON);
      }
      assertThat(watch.look(null, State.RUNNABLE)).isEqualTo(SLEEP);
    }
  }

  /** Turns are told apart by what they run. */
  private static Turn turn() {
    Object self = new Object();
    return new Turn(self::notifyAll, new Pace());
  }
}
