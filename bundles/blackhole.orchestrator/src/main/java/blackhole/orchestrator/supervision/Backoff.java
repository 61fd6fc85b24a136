package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceState;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * It ended, and is started again when the delay is over.
 *
 * @param cause of the end, in words
 * @param due when that is, in monotonic nanoseconds
 */
record Backoff(Duration delay, String cause, long due) implements State {
  @Override
  public InstanceState shown() {
    return InstanceState.BACKOFF;
  }

  @Override
  public String message(Dependencies dependencies) {
    return cause + "; it is started again after " + Words.of(delay);
  }

  @Override
  public OptionalLong nextStart(long now) {
    return OptionalLong.of(Math.max(now, due));
  }

  @Override
  public Step start(Moment now, String who) {
    return NextRun.byHand(now, "start during the restart delay", who);
  }

  @Override
  public Step stop(Moment now, String who, StopBudget budget) {
    String why = "stopped, as " + who + " asked, before it was started again";
    return now.to(new Stopped(why), why, who);
  }

  @Override
  public Step restart(Moment now, String who, StopBudget budget) {
    return start(now, who);
  }

  @Override
  public Step timerFired(Moment now) {
    return NextRun.automatic(now, "the restart delay of " + Words.of(delay) + " is over");
  }
}
