package blackhole.orchestrator.supervision;

import static blackhole.orchestrator.supervision.Moment.SUPERVISOR;

import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceState;
import blackhole.orchestrator.evidence.Findings;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Its process is being started, or is not ready yet.
 *
 * @param spawned whether there is a process by now
 * @param greeted whether the host has called back
 */
record Starting(boolean spawned, boolean greeted, Evidence evidence) implements State {
  /** A host that said that it cannot start exits by itself. This long it may take. */
  private static final Duration EXIT_TIME = Duration.ofSeconds(5);

  Starting() {
    this(false, false, Evidence.NONE);
  }

  @Override
  public InstanceState shown() {
    return InstanceState.STARTING;
  }

  @Override
  public String message(Dependencies dependencies) {
    if (evidence.startFailure().isPresent()) {
      return "could not start: " + evidence.startFailure().get();
    }
    if (!spawned) {
      return "its process is being started";
    }
    return greeted ? evidence.lastStep().orElse("its host is up") : "waits for its handshake";
  }

  @Override
  public InstanceHealth health(Dependencies dependencies) {
    return spawned ? InstanceHealth.UNKNOWN : InstanceHealth.DOWN;
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
    return end(now, new Ask.Stop(who), Ending.Next.STOP, who, gentlest(), budget);
  }

  @Override
  public Step restart(Moment now, String who, StopBudget budget) {
    return end(now, new Ask.Stop(who), Ending.Next.START, who, gentlest(), budget);
  }

  @Override
  public Step kill(Moment now, String who) {
    return end(now, new Ask.Stop(who), Ending.Next.STOP, who, Escalation.KILL, now.budget());
  }

  @Override
  public Step spawned(Moment now) {
    return now.stay(new Starting(true, greeted, evidence));
  }

  @Override
  public Step spawnFailed(Moment now, String reason) {
    return NextRun.afterFailure(now, ExitCause.notSpawned(reason), Duration.ZERO);
  }

  @Override
  public Step greeted(Moment now) {
    return now.stay(new Starting(spawned, true, evidence));
  }

  @Override
  public Step progressed(Moment now, String step) {
    return now.stay(new Starting(spawned, greeted, evidence.withStep(step)));
  }

  @Override
  public Step announcedReady(Moment now, String words) {
    return now.to(new Ready(now.nanos()), words, SUPERVISOR);
  }

  @Override
  public Step announcedFailure(Moment now, String reason) {
    return now.stay(new Starting(spawned, greeted, evidence.withStartFailure(reason)))
        .and(new Action.SetTimer(EXIT_TIME));
  }

  @Override
  public Step announcedDraining(Moment now, String reason) {
    return evidence.startFailure().isPresent()
        ? now.stay(this)
        : Ending.outside(now, reason, phase(), evidence, Duration.ZERO);
  }

  @Override
  public Step exited(Moment now, OptionalInt exitCode, Findings findings) {
    ExitCause cause =
        ExitCause.of(
            exitCode, phase(), new Ask.Nobody(), Escalation.DRAIN, evidence.with(findings));
    return NextRun.afterFailure(now, cause, Duration.ZERO);
  }

  @Override
  public Step timerFired(Moment now) {
    Ask ask =
        evidence.startFailure().isPresent()
            ? new Ask.Nobody()
            : new Ask.StartTimeout(now.rules().startTimeout());
    return end(now, ask, Ending.Next.POLICY, SUPERVISOR, Escalation.KILL, now.budget());
  }

  private Step end(
      Moment now, Ask ask, Ending.Next next, String who, Escalation how, StopBudget budget) {
    return Ending.begin(now, ask, next, who, how, budget, phase(), evidence, Duration.ZERO);
  }

  /** Before the handshake there is nobody to ask; before there is a process, nothing to be lost. */
  private Escalation gentlest() {
    if (!spawned) {
      return Escalation.KILL;
    }
    return greeted ? Escalation.DRAIN : Escalation.TERMINATE;
  }

  private Phase phase() {
    return greeted ? Phase.BEFORE_READY : Phase.BEFORE_HANDSHAKE;
  }
}
