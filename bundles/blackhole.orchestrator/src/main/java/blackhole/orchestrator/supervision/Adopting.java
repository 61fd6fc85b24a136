package blackhole.orchestrator.supervision;

import static blackhole.orchestrator.supervision.Moment.SUPERVISOR;

import blackhole.api.service.HealthResult;
import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceState;
import blackhole.orchestrator.evidence.Findings;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Its process is one that an earlier orchestrator started, and has not called back yet. It most
 * likely serves, so it is watched and ended like one that does; nothing is started in its place
 * before it is known to have ended.
 *
 * @param running what it would be if it had called back
 */
record Adopting(Ready running) implements State {
  Adopting(long since) {
    this(new Ready(since));
  }

  @Override
  public InstanceState shown() {
    return InstanceState.STARTING;
  }

  @Override
  public String message(Dependencies dependencies) {
    String own = running.message(Dependencies.MET);
    return own.isEmpty() ? "adopting" : "adopting; " + own;
  }

  @Override
  public InstanceHealth health(Dependencies dependencies) {
    return running.health(dependencies);
  }

  @Override
  public boolean hasProcess() {
    return true;
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
    return running.stop(now, who, budget);
  }

  @Override
  public Step restart(Moment now, String who, StopBudget budget) {
    return running.restart(now, who, budget);
  }

  @Override
  public Step kill(Moment now, String who) {
    return running.kill(now, who);
  }

  @Override
  public Step announcedReady(Moment now, String words) {
    return now.to(running, words, SUPERVISOR);
  }

  /** Its start had not come to an end. */
  @Override
  public Step announcedFailure(Moment now, String reason) {
    return new Starting(true, true, Evidence.NONE).announcedFailure(now, reason);
  }

  @Override
  public Step announcedDraining(Moment now, String reason) {
    return running.announcedDraining(now, reason);
  }

  @Override
  public Step exited(Moment now, OptionalInt exitCode, Findings findings) {
    return running.exited(now, exitCode, findings);
  }

  @Override
  public Step healthAnswered(Moment now, HealthResult result) {
    return within(running.healthAnswered(now, result));
  }

  @Override
  public Step healthUnanswered(Moment now) {
    return within(running.healthUnanswered(now));
  }

  private static Step within(Step step) {
    return step.next() instanceof Ready ready
        ? new Step(new Adopting(ready), step.history(), step.actions(), step.cause(), step.who())
        : step;
  }

  /** It has not come back, though it lives: it is told to go, as nobody can ask it. */
  @Override
  public Step timerFired(Moment now) {
    return Ending.begin(
        now,
        new Ask.Estranged(now.rules().startTimeout()),
        Ending.Next.POLICY,
        SUPERVISOR,
        Escalation.TERMINATE,
        now.budget(),
        Phase.READY,
        Evidence.NONE,
        now.since(running.since()));
  }
}
