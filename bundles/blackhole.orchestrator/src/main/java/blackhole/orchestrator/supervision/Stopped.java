package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceState;

/** Nobody wants it to run. */
record Stopped(String why) implements State {
  @Override
  public InstanceState shown() {
    return InstanceState.STOPPED;
  }

  @Override
  public String message(Dependencies dependencies) {
    return why;
  }

  @Override
  public Step start(Moment now, String who) {
    return NextRun.byHand(now, "start", who);
  }

  @Override
  public Step stop(Moment now, String who, StopBudget budget) {
    return now.stay(this);
  }

  @Override
  public Step restart(Moment now, String who, StopBudget budget) {
    return start(now, who);
  }
}
