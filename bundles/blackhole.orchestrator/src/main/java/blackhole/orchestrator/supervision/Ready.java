package blackhole.orchestrator.supervision;

import static blackhole.orchestrator.supervision.Moment.SUPERVISOR;

import blackhole.api.service.HealthResult;
import blackhole.api.service.HealthStatus;
import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceState;
import blackhole.orchestrator.evidence.Findings;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * It serves.
 *
 * @param since monotonic nanoseconds
 * @param health its last answer; empty before the first
 * @param unanswered health checks in a row
 * @param connected whether its control stream stands
 * @param trend of its health
 */
record Ready(
    long since, Optional<HealthResult> health, int unanswered, boolean connected, HealthTrend trend)
    implements State {
  Ready(long since) {
    this(since, Optional.empty(), 0, true, HealthTrend.NEW);
  }

  @Override
  public InstanceState shown() {
    return InstanceState.READY;
  }

  @Override
  public boolean hasProcess() {
    return true;
  }

  @Override
  public InstanceHealth health(Dependencies dependencies) {
    if (unanswered > 0) {
      return InstanceHealth.UNREACHABLE;
    }
    if (health.isEmpty()) {
      return InstanceHealth.UNKNOWN;
    }
    return switch (health.get().status()) {
      case HEALTHY ->
          dependencies.missing().isEmpty() && !trend.flaps()
              ? InstanceHealth.HEALTHY
              : InstanceHealth.DEGRADED;
      case DEGRADED -> InstanceHealth.DEGRADED;
      case UNHEALTHY -> InstanceHealth.UNHEALTHY;
    };
  }

  @Override
  public boolean flaps() {
    return trend.flaps();
  }

  @Override
  public String message(Dependencies dependencies) {
    return Stream.of(
            unanswered > 0 ? Words.unanswered(unanswered) : ownWord(),
            trend.words(),
            dependencies.words(),
            connected ? "" : "its control stream is lost")
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private String ownWord() {
    return health
        .filter(result -> result.status() != HealthStatus.HEALTHY)
        .map(HealthResult::message)
        .orElse("");
  }

  @Override
  public Step start(Moment now, String who) {
    return now.stay(this);
  }

  @Override
  public Step stop(Moment now, String who, StopBudget budget) {
    return end(now, new Ask.Stop(who), Ending.Next.STOP, who, Escalation.DRAIN, budget);
  }

  @Override
  public Step restart(Moment now, String who, StopBudget budget) {
    return end(now, new Ask.Stop(who), Ending.Next.START, who, Escalation.DRAIN, budget);
  }

  @Override
  public Step kill(Moment now, String who) {
    return end(now, new Ask.Stop(who), Ending.Next.STOP, who, Escalation.KILL, now.budget());
  }

  @Override
  public Step announcedDraining(Moment now, String reason) {
    return Ending.outside(now, reason, Phase.READY, Evidence.NONE, now.since(since));
  }

  @Override
  public Step exited(Moment now, OptionalInt exitCode, Findings findings) {
    ExitCause cause =
        ExitCause.of(
            exitCode,
            Phase.READY,
            new Ask.Nobody(),
            Escalation.DRAIN,
            Evidence.NONE.with(findings));
    return NextRun.afterFailure(now, cause, now.since(since));
  }

  /** It lost its stream, and is back. */
  @Override
  public Step greeted(Moment now) {
    return now.stay(new Ready(since, health, unanswered, true, trend));
  }

  /** No reason to do anything to it: its process and its health are watched by other means. */
  @Override
  public Step controlLost(Moment now) {
    return now.stay(new Ready(since, health, unanswered, false, trend));
  }

  @Override
  public Step healthAnswered(Moment now, HealthResult result) {
    HealthTrend next = trend.after(result.status() != HealthStatus.UNHEALTHY);
    return checked(now, new Ready(since, Optional.of(result), 0, connected, next), news(result));
  }

  @Override
  public Step healthUnanswered(Moment now) {
    int inRow = unanswered + 1;
    if (inRow < now.rules().livenessFailures()) {
      Ready missed = new Ready(since, health, inRow, connected, trend.after(false));
      return checked(now, missed, Words.unanswered(inRow));
    }
    // a process that does not answer would not drain either
    return end(
        now, new Ask.Hung(inRow), Ending.Next.POLICY, SUPERVISOR, Escalation.KILL, now.budget());
  }

  /** One that flaps is told of when it begins and when it ends: the log would be full of it. */
  private Step checked(Moment now, Ready next, String news) {
    if (next.trend.flaps() && !trend.flaps()) {
      return now.to(next, news, SUPERVISOR).and(new Action.Warn(next.trend.words()));
    }
    if (next.trend.flaps()) {
      return now.stay(next);
    }
    return now.to(next, trend.flaps() ? "does not flap any more" : news, SUPERVISOR);
  }

  /** What an answer says that the one before did not. */
  private String news(HealthResult result) {
    if (unanswered > 0) {
      return "answers health checks again";
    }
    boolean same = health.map(HealthResult::status).orElse(HealthStatus.HEALTHY) == result.status();
    if (same) {
      return "";
    }
    String why = result.message().isEmpty() ? "" : ": " + result.message();
    return "is " + result.status().name().toLowerCase(Locale.ROOT) + why;
  }

  private Step end(
      Moment now, Ask ask, Ending.Next next, String who, Escalation how, StopBudget budget) {
    return Ending.begin(
        now, ask, next, who, how, budget, Phase.READY, Evidence.NONE, now.since(since));
  }
}
