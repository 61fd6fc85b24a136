package blackhole.orchestrator.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.service.HealthResult;
import blackhole.api.supervision.InstanceState;
import blackhole.orchestrator.evidence.Findings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every state meets every event; what is not in the table must change nothing and do nothing. */
class TransitionTableTest {
  private static final Rules RULES = Rules.of(Configs.RESTART, Configs.SUPERVISOR);
  private static final StopBudget BUDGET = StopBudget.of(Duration.ofSeconds(10));

  private static final String TABLE =
      """
      stopped, start -> Queued
      stopped, restart -> Queued
      waiting, stop -> Stopped
      waiting, kill -> Stopped
      waiting, dependencies met -> Queued
      queued, stop -> Stopped
      queued, kill -> Stopped
      queued, dependency starting -> Waiting
      queued, granted -> Starting: Launch, SetTimer 30 s
      launching, stop -> Ending KILL then STOP: Kill, SetTimer 5 s
      launching, restart -> Ending KILL then START: Kill, SetTimer 5 s
      launching, kill -> Ending KILL then STOP: Kill, SetTimer 5 s
      launching, timer -> Ending KILL then POLICY: Kill, SetTimer 5 s
      launching, spawned -> Starting
      launching, spawn failed -> Queued: CountRestart, RecordExit failure
      launching, exited 1 -> Queued: CountRestart, RecordExit failure
      launching, greeted -> Starting
      launching, progress -> Starting
      launching, ready -> Ready
      launching, start failed -> Starting: SetTimer 5 s
      launching, draining -> Ending DRAIN then POLICY: SetTimer 24 s
      spawned, stop -> Ending TERMINATE then STOP: Terminate, SetTimer 2 s
      spawned, restart -> Ending TERMINATE then START: Terminate, SetTimer 2 s
      spawned, kill -> Ending KILL then STOP: Kill, SetTimer 5 s
      spawned, timer -> Ending KILL then POLICY: Kill, SetTimer 5 s
      spawned, spawn failed -> Queued: CountRestart, RecordExit failure
      spawned, exited 1 -> Queued: CountRestart, RecordExit failure
      spawned, greeted -> Starting
      spawned, progress -> Starting
      spawned, ready -> Ready
      spawned, start failed -> Starting: SetTimer 5 s
      spawned, draining -> Ending DRAIN then POLICY: SetTimer 24 s
      greeted, stop -> Ending DRAIN then STOP: Drain 8 s, SetTimer 8 s
      greeted, restart -> Ending DRAIN then START: Drain 8 s, SetTimer 8 s
      greeted, kill -> Ending KILL then STOP: Kill, SetTimer 5 s
      greeted, timer -> Ending KILL then POLICY: Kill, SetTimer 5 s
      greeted, spawn failed -> Queued: CountRestart, RecordExit failure
      greeted, exited 1 -> Queued: CountRestart, RecordExit failure
      greeted, progress -> Starting
      greeted, ready -> Ready
      greeted, start failed -> Starting: SetTimer 5 s
      greeted, draining -> Ending DRAIN then POLICY: SetTimer 24 s
      adopting, stop -> Ending DRAIN then STOP: Drain 8 s, SetTimer 8 s
      adopting, restart -> Ending DRAIN then START: Drain 8 s, SetTimer 8 s
      adopting, kill -> Ending KILL then STOP: Kill, SetTimer 5 s
      adopting, timer -> Ending TERMINATE then POLICY: Terminate, SetTimer 6 s
      adopting, exited 1 -> Queued: CountRestart, RecordExit failure
      adopting, ready -> Ready
      adopting, start failed -> Starting: SetTimer 5 s
      adopting, draining -> Ending DRAIN then POLICY: SetTimer 24 s
      adopting, health answered -> Adopting
      adopting, health unanswered -> Adopting
      ready, stop -> Ending DRAIN then STOP: Drain 8 s, SetTimer 8 s
      ready, restart -> Ending DRAIN then START: Drain 8 s, SetTimer 8 s
      ready, kill -> Ending KILL then STOP: Kill, SetTimer 5 s
      ready, exited 1 -> Queued: CountRestart, RecordExit failure
      ready, draining -> Ending DRAIN then POLICY: SetTimer 24 s
      ready, control lost -> Ready
      ready, health answered -> Ready
      ready, health unanswered -> Ready
      not answering, greeted -> Ready
      not answering, stop -> Ending DRAIN then STOP: Drain 8 s, SetTimer 8 s
      not answering, restart -> Ending DRAIN then START: Drain 8 s, SetTimer 8 s
      not answering, kill -> Ending KILL then STOP: Kill, SetTimer 5 s
      not answering, exited 1 -> Queued: CountRestart, RecordExit failure
      not answering, draining -> Ending DRAIN then POLICY: SetTimer 24 s
      not answering, health answered -> Ready
      not answering, health unanswered -> Ending KILL then POLICY: Kill, SetTimer 5 s
      draining to stop, start -> Ending DRAIN then START
      draining to stop, stop -> Ending DRAIN then STOP: SetTimer 8 s
      draining to stop, restart -> Ending DRAIN then START
      draining to stop, kill -> Ending KILL then STOP: Kill, SetTimer 5 s
      draining to stop, timer -> Ending TERMINATE then STOP: Terminate, SetTimer 6 s
      draining to stop, drain refused -> Ending TERMINATE then STOP: Terminate, SetTimer 6 s
      draining to stop, spawn failed -> Stopped: RecordExit
      draining to stop, exited 1 -> Stopped: RecordExit
      terminating to restart, stop -> Ending TERMINATE then STOP: SetTimer 2 s
      terminating to restart, kill -> Ending KILL then STOP: Kill, SetTimer 5 s
      terminating to restart, timer -> Ending KILL then START: Kill, SetTimer 5 s
      terminating to restart, spawned -> Ending TERMINATE then START: Terminate
      terminating to restart, spawn failed -> Queued: RecordExit
      terminating to restart, exited 1 -> Queued: RecordExit
      killed for hanging, start -> Ending KILL then START
      killed for hanging, stop -> Ending KILL then STOP: SetTimer 5 s
      killed for hanging, restart -> Ending KILL then START
      killed for hanging, kill -> Ending KILL then STOP: Kill, SetTimer 5 s
      killed for hanging, timer -> Ending KILL then POLICY: Kill, SetTimer 5 s
      killed for hanging, spawned -> Ending KILL then POLICY: Kill
      killed for hanging, spawn failed -> Queued: CountRestart, RecordExit failure
      killed for hanging, exited 1 -> Queued: CountRestart, RecordExit failure
      backoff, start -> Queued
      backoff, restart -> Queued
      backoff, stop -> Stopped
      backoff, kill -> Stopped
      backoff, timer -> Queued: CountRestart
      failed, start -> Queued
      failed, restart -> Queued
      failed, stop -> Stopped
      failed, kill -> Stopped
      """;

  private static final Map<String, State> STATES = new LinkedHashMap<>();

  static {
    STATES.put("stopped", new Stopped("why"));
    STATES.put("waiting", new Waiting());
    STATES.put("queued", new Queued(0));
    STATES.put("launching", new Starting());
    STATES.put("spawned", new Starting(true, false, Evidence.NONE));
    STATES.put("greeted", new Starting(true, true, Evidence.NONE));
    STATES.put("adopting", new Adopting(0));
    STATES.put("ready", new Ready(0));
    STATES.put("not answering", new Ready(0, Optional.empty(), 2, false, HealthTrend.NEW));
    STATES.put(
        "draining to stop", ending(new Ask.Stop("bob"), Ending.Next.STOP, Escalation.DRAIN, 24));
    STATES.put(
        "terminating to restart",
        ending(new Ask.Stop("bob"), Ending.Next.START, Escalation.TERMINATE, 6));
    STATES.put(
        "killed for hanging", ending(new Ask.Hung(3), Ending.Next.POLICY, Escalation.KILL, 5));
    STATES.put("backoff", new Backoff(Duration.ofSeconds(1), "cause", 0));
    STATES.put("failed", new Failed("reason"));
  }

  private static final Map<String, BiFunction<State, Moment, Step>> EVENTS = new LinkedHashMap<>();

  static {
    EVENTS.put("start", (state, now) -> state.start(now, "alice"));
    EVENTS.put("stop", (state, now) -> state.stop(now, "alice", BUDGET));
    EVENTS.put("restart", (state, now) -> state.restart(now, "alice", BUDGET));
    EVENTS.put("kill", (state, now) -> state.kill(now, "alice"));
    EVENTS.put("dependencies met", State::dependenciesChanged);
    EVENTS.put(
        "dependency starting", (state, now) -> state.dependenciesChanged(whileStorageStarts(now)));
    EVENTS.put("granted", State::granted);
    EVENTS.put("timer", State::timerFired);
    EVENTS.put("spawned", State::spawned);
    EVENTS.put("spawn failed", (state, now) -> state.spawnFailed(now, "no such program: java"));
    EVENTS.put("exited 1", (state, now) -> state.exited(now, OptionalInt.of(1), Findings.NONE));
    EVENTS.put("greeted", State::greeted);
    EVENTS.put("progress", (state, now) -> state.progressed(now, "bundle installed"));
    EVENTS.put("ready", (state, now) -> state.announcedReady(now, "ready"));
    EVENTS.put("start failed", (state, now) -> state.announcedFailure(now, "no service"));
    EVENTS.put("draining", (state, now) -> state.announcedDraining(now, "SIGTERM"));
    EVENTS.put("control lost", State::controlLost);
    EVENTS.put("drain refused", State::drainRefused);
    EVENTS.put(
        "health answered", (state, now) -> state.healthAnswered(now, HealthResult.healthy()));
    EVENTS.put("health unanswered", State::healthUnanswered);
  }

  @Test
  void everyStateMeetsEveryEvent() {
    String met =
        STATES.entrySet().stream()
            .flatMap(
                state ->
                    EVENTS.entrySet().stream()
                        .map(event -> row(state.getKey(), event.getKey()))
                        .flatMap(Optional::stream))
            .collect(Collectors.joining("\n", "", "\n"));
    assertThat(met.lines().sorted()).containsExactlyElementsOf(TABLE.lines().sorted().toList());
  }

  /** Empty when nothing happens. */
  private static Optional<String> row(String stateName, String eventName) {
    State state = STATES.get(stateName);
    Moment now = new Moment(RULES, 0, 0.5, RestartHistory.EMPTY, Dependencies.MET);
    Step step = EVENTS.get(eventName).apply(state, now);
    if (step.next().equals(state) && step.actions().isEmpty()) {
      return Optional.empty();
    }
    String actions =
        step.actions().stream().map(TransitionTableTest::show).collect(Collectors.joining(", "));
    return Optional.of(
        stateName
            + ", "
            + eventName
            + " -> "
            + show(step.next())
            + (actions.isEmpty() ? "" : ": " + actions));
  }

  private static String show(State state) {
    String name = state.getClass().getSimpleName();
    return state instanceof Ending ending
        ? name + " " + ending.reached() + " then " + ending.next()
        : name;
  }

  private static String show(Action action) {
    String name = action.getClass().getSimpleName();
    if (action instanceof Action.SetTimer timer) {
      return name + " " + Words.of(timer.delay());
    }
    if (action instanceof Action.Drain drain) {
      return name + " " + Words.of(drain.timeout());
    }
    return action instanceof Action.RecordExit exit && exit.failure() ? name + " failure" : name;
  }

  private static Moment whileStorageStarts(Moment now) {
    Dependencies starting =
        new Dependencies(List.of(new Dependencies.Missing("storage", InstanceState.STARTING)));
    return new Moment(now.rules(), now.nanos(), now.random(), now.history(), starting);
  }

  private static Ending ending(Ask ask, Ending.Next next, Escalation reached, int seconds) {
    return new Ending(
        ask,
        next,
        "bob",
        reached,
        Duration.ofSeconds(seconds).toNanos(),
        StopBudget.of(Duration.ofSeconds(30)),
        Phase.READY,
        Evidence.NONE,
        Duration.ZERO);
  }
}
