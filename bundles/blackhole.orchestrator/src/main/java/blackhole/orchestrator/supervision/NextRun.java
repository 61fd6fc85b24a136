package blackhole.orchestrator.supervision;

import static blackhole.orchestrator.supervision.Moment.SUPERVISOR;

import java.time.Duration;

/** The ways to a next process. */
final class NextRun {
  private NextRun() {}

  /** Somebody asked for it: always free, and the past is forgotten. */
  static Step byHand(Moment now, String cause, String who) {
    return begin(now, cause, who).with(RestartHistory.EMPTY);
  }

  /** The one that was decided on before, now that its delay is over. */
  static Step automatic(Moment now, String cause) {
    return begin(now, cause, SUPERVISOR).and(new Action.CountRestart());
  }

  /**
   * Nobody had asked for the end: the restart policy says what comes next.
   *
   * @param ran how long it had been READY
   */
  static Step afterFailure(Moment now, ExitCause cause, Duration ran) {
    RestartDecision decision =
        RestartBudget.decide(
            now.rules().restart(),
            now.history(),
            ran,
            now.rules().stableAfter(),
            now.nanos(),
            now.random());
    Step step = follow(now, cause, decision).with(decision.history());
    Step recorded = step.and(new Action.RecordExit(cause, true));
    return decision
        .warning()
        .map(warning -> recorded.and(new Action.Warn(warning)))
        .orElse(recorded);
  }

  private static Step follow(Moment now, ExitCause cause, RestartDecision decision) {
    if (decision instanceof RestartDecision.Restart restart) {
      if (restart.delay().isZero()) {
        return automatic(now, cause.words() + "; it is started again at once");
      }
      Backoff backoff =
          new Backoff(restart.delay(), cause.words(), now.nanos() + restart.delay().toNanos());
      return now.to(
              backoff,
              cause.words() + "; it is started again in " + Words.of(restart.delay()),
              SUPERVISOR)
          .and(new Action.SetTimer(restart.delay()));
    }
    String reason = ((RestartDecision.GiveUp) decision).reason();
    Failed failed = new Failed(reason + "; the last time: " + cause.words());
    return now.to(failed, cause.words() + "; given up: " + reason, SUPERVISOR);
  }

  private static Step begin(Moment now, String cause, String who) {
    State next = now.dependencies().pending().isEmpty() ? new Queued(now.nanos()) : new Waiting();
    return now.to(next, cause, who);
  }
}
