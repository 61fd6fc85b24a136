package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceState;
import java.util.OptionalLong;

/** It starts as soon as what it depends on is READY, or will not be. */
record Waiting() implements State {
  @Override
  public InstanceState shown() {
    return InstanceState.STARTING;
  }

  @Override
  public String message(Dependencies dependencies) {
    return "waits for " + Words.list(dependencies.pending());
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
    String why = "stopped, as " + who + " asked, before its process was started";
    return now.to(new Stopped(why), why, who);
  }

  @Override
  public Step restart(Moment now, String who, StopBudget budget) {
    return now.stay(this);
  }

  @Override
  public Step dependenciesChanged(Moment now) {
    return now.stay(now.dependencies().pending().isEmpty() ? new Queued(now.nanos()) : this);
  }
}
