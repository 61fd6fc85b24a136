package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceState;
import java.util.OptionalLong;

/**
 * It starts as soon as few enough others are starting.
 *
 * @param since who came first goes first
 */
record Queued(long since) implements State {
  @Override
  public InstanceState shown() {
    return InstanceState.STARTING;
  }

  @Override
  public String message(Dependencies dependencies) {
    return "waits until others have started";
  }

  @Override
  public OptionalLong nextStart(long now) {
    return OptionalLong.of(now);
  }

  @Override
  public Step start(Moment now, String who) {
    return now.stay(this);
  }

  @Override
  public Step stop(Moment now, String who, StopBudget budget) {
    return new Waiting().stop(now, who, budget);
  }

  @Override
  public Step restart(Moment now, String who, StopBudget budget) {
    return now.stay(this);
  }

  /** When all fall together, those below may be seen to fall later: the order still holds. */
  @Override
  public Step dependenciesChanged(Moment now) {
    return now.stay(now.dependencies().pending().isEmpty() ? this : new Waiting());
  }

  @Override
  public Step granted(Moment now) {
    return now.stay(new Starting())
        .and(new Action.Launch(), new Action.SetTimer(now.rules().startTimeout()));
  }
}
