package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceState;

/** It ended too often, and stays down until somebody starts it. */
record Failed(String reason) implements State {
  @Override
  public InstanceState shown() {
    return InstanceState.FAILED;
  }

  @Override
  public String message(Dependencies dependencies) {
    return reason;
  }

  @Override
  public Step start(Moment now, String who) {
    return NextRun.byHand(now, "start after it had failed", who);
  }

  @Override
  public Step stop(Moment now, String who, StopBudget budget) {
    String why = "stopped, as " + who + " asked, after it had failed: " + reason;
    return now.to(new Stopped(why), "stop", who);
  }

  @Override
  public Step restart(Moment now, String who, StopBudget budget) {
    return start(now, who);
  }
}
