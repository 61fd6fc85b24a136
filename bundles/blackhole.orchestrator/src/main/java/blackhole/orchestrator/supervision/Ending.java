package blackhole.orchestrator.supervision;

import static blackhole.orchestrator.supervision.Moment.SUPERVISOR;

import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceState;
import blackhole.orchestrator.evidence.Findings;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Its process will end: it drains, or was told to go in a rougher way.
 *
 * @param who for the journal: who wanted what comes next
 * @param reached how hard it has been tried so far
 * @param deadline when it is tried harder, in monotonic nanoseconds
 * @param phase how far it had come
 * @param ran how long it had been READY
 */
record Ending(
    Ask ask,
    Next next,
    String who,
    Escalation reached,
    long deadline,
    StopBudget budget,
    Phase phase,
    Evidence evidence,
    Duration ran)
    implements State {
  /** SIGKILL cannot be ignored, but a process that waits for a disk takes it late. */
  private static final Duration KILL_AGAIN = Duration.ofSeconds(5);

  /** What comes after the end. */
  enum Next {
    STOP,
    START,
    /** What the restart policy says. */
    POLICY
  }

  /** Begins to end a process, in the way {@code how}. */
  static Step begin(
      Moment now,
      Ask ask,
      Next next,
      String who,
      Escalation how,
      StopBudget budget,
      Phase phase,
      Evidence evidence,
      Duration ran) {
    Ending ending = new Ending(ask, next, who, how, now.nanos(), budget, phase, evidence, ran);
    Step step = ending.reach(now, how);
    return now.to(step.next(), ending.why(), who).and(step.actions().toArray(Action[]::new));
  }

  /** It drains by itself; it is only watched that it comes to an end. */
  static Step outside(Moment now, String reason, Phase phase, Evidence evidence, Duration ran) {
    StopBudget budget = now.budget();
    Ending ending =
        new Ending(
            new Ask.Outside(reason),
            Next.POLICY,
            SUPERVISOR,
            Escalation.DRAIN,
            now.nanos() + budget.drain().toNanos(),
            budget,
            phase,
            evidence,
            ran);
    return now.to(ending, ending.why(), SUPERVISOR).and(new Action.SetTimer(budget.drain()));
  }

  @Override
  public InstanceState shown() {
    return InstanceState.DRAINING;
  }

  /** What the policy may decide otherwise is a start until it does. */
  @Override
  public OptionalLong nextStart(long now) {
    return next == Next.STOP ? OptionalLong.empty() : OptionalLong.of(now);
  }

  @Override
  public boolean hasProcess() {
    return true;
  }

  @Override
  public InstanceHealth health(Dependencies dependencies) {
    return ask instanceof Ask.Hung ? InstanceHealth.UNREACHABLE : InstanceHealth.UNKNOWN;
  }

  @Override
  public String message(Dependencies dependencies) {
    return why()
        + switch (reached) {
          case DRAIN -> "";
          case TERMINATE -> "; ended by SIGTERM";
          case KILL -> "; ended by SIGKILL";
        };
  }

  private String why() {
    if (ask instanceof Ask.Stop stop) {
      return (next == Next.START ? "restarts, as " : "stops, as ") + stop.who() + " asked";
    }
    if (ask instanceof Ask.Outside outside) {
      return "drains, though nobody here asked (" + outside.reason() + ")";
    }
    return cause(OptionalInt.empty(), Findings.NONE).words();
  }

  @Override
  public Step start(Moment now, String asker) {
    return then(now, Next.START, asker, asker + " asked for a start after this");
  }

  @Override
  public Step restart(Moment now, String asker, StopBudget wanted) {
    return then(now, Next.START, asker, asker + " asked for a start after this");
  }

  /** Never later than was promised before; sooner, if this one has less time. */
  @Override
  public Step stop(Moment now, String asker, StopBudget wanted) {
    Step step = then(now, Next.STOP, asker, asker + " asked for a stop, which is under way");
    Ending ending = (Ending) step.next();
    StopBudget less = budget.atMost(wanted);
    long sooner = Math.min(deadline, now.nanos() + time(reached, less).toNanos());
    Ending shortened =
        new Ending(
            ending.ask, ending.next, ending.who, reached, sooner, less, phase, evidence, ran);
    return new Step(shortened, step.history(), step.actions(), step.cause(), step.who())
        .and(new Action.SetTimer(Duration.ofNanos(Math.max(0, sooner - now.nanos()))));
  }

  @Override
  public Step kill(Moment now, String asker) {
    Step step = then(now, Next.STOP, asker, "killed, as " + asker + " asked");
    Step killed = ((Ending) step.next()).reach(now, Escalation.KILL);
    return now.to(killed.next(), step.cause(), asker).and(killed.actions().toArray(Action[]::new));
  }

  private Step then(Moment now, Next wanted, String asker, String cause) {
    if (next == wanted) {
      return now.stay(this);
    }
    Ending ending = new Ending(ask, wanted, asker, reached, deadline, budget, phase, evidence, ran);
    return now.to(ending, cause, asker);
  }

  /** A command came while the process was being started: it goes as soon as it is there. */
  @Override
  public Step spawned(Moment now) {
    return switch (reached) {
      case DRAIN -> now.stay(this);
      case TERMINATE -> now.stay(this).and(new Action.Terminate());
      case KILL -> now.stay(this).and(new Action.Kill());
    };
  }

  @Override
  public Step spawnFailed(Moment now, String reason) {
    return exited(now, OptionalInt.empty(), Findings.NONE);
  }

  @Override
  public Step drainRefused(Moment now) {
    return reached == Escalation.DRAIN
        ? harder(now, Escalation.TERMINATE, "cannot be asked to drain: SIGTERM")
        : now.stay(this);
  }

  @Override
  public Step timerFired(Moment now) {
    return switch (reached) {
      case DRAIN ->
          harder(
              now,
              Escalation.TERMINATE,
              "has not drained within " + Words.of(budget.drain()) + ": SIGTERM");
      case TERMINATE ->
          harder(
              now,
              Escalation.KILL,
              "has not ended within " + Words.of(budget.terminate()) + " of SIGTERM: SIGKILL");
      case KILL -> harder(now, Escalation.KILL, "has not ended yet: SIGKILL again");
    };
  }

  @Override
  public Step exited(Moment now, OptionalInt exitCode, Findings findings) {
    ExitCause cause = cause(exitCode, findings);
    Action exit = new Action.RecordExit(cause, !(ask instanceof Ask.Stop));
    return switch (next) {
      case POLICY -> NextRun.afterFailure(now, cause, ran);
      case START -> NextRun.byHand(now, cause.words(), who).and(exit);
      case STOP -> now.to(new Stopped(cause.words()), cause.words(), who).and(exit);
    };
  }

  private ExitCause cause(OptionalInt exitCode, Findings findings) {
    return ExitCause.of(exitCode, phase, ask, reached, evidence.with(findings));
  }

  private Step harder(Moment now, Escalation how, String cause) {
    Step step = reach(now, how);
    return now.to(step.next(), cause, SUPERVISOR).and(step.actions().toArray(Action[]::new));
  }

  private Step reach(Moment now, Escalation how) {
    Duration time = time(how, budget);
    Ending ending =
        new Ending(ask, next, who, how, now.nanos() + time.toNanos(), budget, phase, evidence, ran);
    Action act =
        switch (how) {
          case DRAIN -> new Action.Drain(time);
          case TERMINATE -> new Action.Terminate();
          case KILL -> new Action.Kill();
        };
    return new Step(ending, now.history(), List.of(act, new Action.SetTimer(time)), "", "");
  }

  private static Duration time(Escalation how, StopBudget budget) {
    return switch (how) {
      case DRAIN -> budget.drain();
      case TERMINATE -> budget.terminate();
      case KILL -> KILL_AGAIN;
    };
  }
}
