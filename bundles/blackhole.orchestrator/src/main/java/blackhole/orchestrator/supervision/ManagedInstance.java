package blackhole.orchestrator.supervision;

import static blackhole.orchestrator.supervision.Moment.SUPERVISOR;

import blackhole.api.supervision.InstanceId;
import blackhole.orchestrator.config.ServiceConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One instance: keeps its state, hands events to it one at a time, and does what follows from them.
 * Lives in the serial context.
 */
final class ManagedInstance {
  private final InstanceId id;
  private final Node node;
  private final HostProcess host;
  private final HealthMonitor monitor;
  private final Commands commands;
  private final Performer performer = new Performer();
  private final InstanceRecord record = new InstanceRecord();

  /** Read by others, too. */
  private volatile ServiceConfig service;

  private Rules rules;
  private State state = new Stopped("not started yet");
  private RestartHistory history = RestartHistory.EMPTY;
  private Dependencies dependencies = Dependencies.MET;
  private Optional<String> archive = Optional.empty();
  private boolean staysStopped;
  private SerialContext.Cancellable timer = () -> {};

  /** How its last process ended, for the time that this is being handled. */
  private HostProcess.End end = NO_PROCESS;

  private Optional<ExitCause> failure = Optional.empty();

  private static final HostProcess.End NO_PROCESS =
      new HostProcess.End(OptionalInt.empty(), Duration.ZERO, InstanceDriver.Remains.NONE);

  /** What an instance needs of the node around it. */
  interface Node {
    SerialContext context();

    Journal journal();

    /** From 0 to 1. */
    double random();

    /** What a service depends on, as it is now. */
    Dependencies dependencies(ServiceConfig service);

    /** Shows an instance as it is now. */
    void publish(ManagedInstance instance);

    /** Something about an instance may be different now. */
    void changed(ManagedInstance instance);
  }

  ManagedInstance(
      InstanceId id,
      ServiceConfig service,
      Rules rules,
      Node node,
      InstanceDriver driver,
      HealthMonitor.Factory monitors) {
    this.id = id;
    this.service = service;
    this.rules = rules;
    this.node = node;
    this.commands = new Commands(id);
    this.host = new HostProcess(id, node.context(), driver, new HostListener());
    this.monitor =
        monitors.monitor(
            id,
            answer ->
                apply(
                    now ->
                        answer.isPresent()
                            ? state.healthAnswered(now, answer.get())
                            : state.healthUnanswered(now)));
  }

  InstanceId id() {
    return id;
  }

  ServiceConfig service() {
    return service;
  }

  /** From now on this is what its service is configured to be; its process stays what it is. */
  void reconfigure(ServiceConfig newService, Rules newRules) {
    service = newService;
    rules = newRules;
    monitor.reconfigured();
  }

  State state() {
    return state;
  }

  Dependencies dependencies() {
    return dependencies;
  }

  InstanceRecord record() {
    return record;
  }

  Optional<Run> run() {
    return host.run();
  }

  /** Whether a class-data archive is in use, in words; empty before its first handshake. */
  Optional<String> archive() {
    return archive;
  }

  CompletableFuture<String> start(String who) {
    boolean underWay =
        state instanceof Starting || state instanceof Adopting || state instanceof Ready;
    long wanted = underWay ? host.generation() : host.generation() + 1;
    apply(now -> state.start(now, who));
    return settled(commands.start(wanted, node.context().nanoTime()));
  }

  CompletableFuture<String> restart(String who) {
    long wanted = host.generation() + 1;
    apply(now -> state.restart(now, who, now.budget()));
    return settled(commands.start(wanted, node.context().nanoTime()));
  }

  CompletableFuture<String> stop(String who) {
    return stop(who, StopBudget.of(rules.gracefulShutdownTimeout()));
  }

  CompletableFuture<String> stop(String who, StopBudget budget) {
    apply(now -> state.stop(now, who, budget));
    return settled(commands.stop(node.context().nanoTime()));
  }

  /** Goes on from what an earlier orchestrator knew of it. */
  void remember(Remembered earlier) {
    record.restore(earlier);
    earlier.stopped().ifPresent(why -> apply(now -> now.stay(new Stopped(why))));
    staysStopped = earlier.stopped().isPresent();
    node.publish(this);
  }

  /** Nobody wants it to run until it is asked for by name. */
  boolean staysStopped() {
    return staysStopped && state instanceof Stopped;
  }

  /** A process of an earlier orchestrator is its own from now on. */
  void adopt(Adoption adoption) {
    host.adopt(adoption);
    String words = "adopts its process (pid " + adoption.process().identity().pid() + ")";
    apply(
        now ->
            now.to(new Adopting(now.nanos()), words, SUPERVISOR)
                .and(new Action.SetTimer(now.rules().startTimeout())));
  }

  /** It was to start, and does not. */
  void leaveStopped(String why) {
    apply(now -> now.stay(new Stopped(why)).and(new Action.Warn(why)));
  }

  void kill(String who) {
    apply(now -> state.kill(now, who));
  }

  /** Its turn among those that want to start has come. */
  void grant() {
    apply(now -> state.granted(now));
  }

  /** Looks again at what its service depends on. */
  void lookAround() {
    if (!node.dependencies(service).equals(dependencies)) {
      follow(now -> state.dependenciesChanged(now));
    }
  }

  /** What a host says counts only as long as its process is the present one. */
  void fromHost(long generation, BiFunction<State, Moment, Step> event) {
    if (host.isPresent(generation)) {
      apply(now -> event.apply(state, now));
    }
  }

  void helloed(long generation, Optional<String> archiveInUse) {
    if (host.isPresent(generation)) {
      archive = archiveInUse;
      apply(now -> state.greeted(now));
    }
  }

  void ready(long generation, OptionalInt port, Optional<String> bundleVersion) {
    boolean adopting = state instanceof Adopting;
    if (host.isPresent(generation) && (adopting || state instanceof Starting)) {
      long nanos = node.context().nanoTime();
      host.update(
          run ->
              adopting ? run.adopted(port, bundleVersion) : run.ready(nanos, port, bundleVersion));
      String how = adopting ? "adopted" : "ready";
      String words = host.run().map(run -> readyWords(how, run)).orElse(how);
      apply(now -> state.announcedReady(now, words));
    } else if (host.isPresent(generation)) {
      // after an update, or again after a new connection
      host.update(run -> run.running(bundleVersion));
      node.publish(this);
    }
  }

  private static String readyWords(String how, Run run) {
    String pid = run.pid().isPresent() ? " (pid " + run.pid().getAsLong() + ")" : "";
    return run.startup().map(took -> how + " in " + Words.measured(took)).orElse(how) + pid;
  }

  /** A state hears of a change of its dependencies before it hears of anything else. */
  private void apply(Function<Moment, Step> event) {
    lookAround();
    follow(event);
  }

  private void follow(Function<Moment, Step> event) {
    State before = state;
    Moment now = moment();
    Step step = event.apply(now);
    state = step.next();
    history = step.history();
    dependencies = now.dependencies();
    if (before.getClass() != state.getClass()) {
      timer.cancel();
      watchHealth();
    }
    journal(before, step);
    failure = Optional.empty();
    step.actions().forEach(action -> action.perform(performer));
    // first: who is answered and looks at once must see what the answer says
    node.publish(this);
    settleCommands();
    failure = Optional.empty();
    node.changed(this);
  }

  private Moment moment() {
    return new Moment(
        rules, node.context().nanoTime(), node.random(), history, node.dependencies(service));
  }

  private void watchHealth() {
    if (state instanceof Ready || state instanceof Adopting) {
      monitor.start();
    } else {
      monitor.stop();
    }
  }

  private void journal(State before, Step step) {
    if (!step.cause().isEmpty()) {
      write(before, step.cause(), step.who(), state instanceof Failed);
    }
  }

  private void write(State before, String cause, String who, boolean warning) {
    node.journal()
        .record(
            new Journal.Entry(
                node.context().wallTime(), id, before.shown(), state.shown(), cause, who, warning));
  }

  private CompletableFuture<String> settled(CompletableFuture<String> answer) {
    settleCommands();
    return answer;
  }

  private void settleCommands() {
    commands.settle(
        new Commands.Situation(
            state, host.generation(), host.run(), failure, node.context().nanoTime()));
  }

  /** Hands on what happens to the process. */
  private final class HostListener implements HostProcess.Listener {
    @Override
    public void spawned() {
      apply(now -> state.spawned(now));
    }

    @Override
    public void spawnFailed(String reason) {
      apply(now -> state.spawnFailed(now, reason));
    }

    @Override
    public void drainRefused() {
      apply(now -> state.drainRefused(now));
    }

    @Override
    public void exited(HostProcess.End how) {
      end = how;
      apply(now -> state.exited(now, how.exitCode(), how.remains().findings()));
      end = NO_PROCESS;
    }
  }

  /** Does what a step wants done. */
  private final class Performer implements Action.Performer {
    @Override
    public void launch() {
      record.launched();
      host.launch(history.isOfStorm());
    }

    @Override
    public void drain(Duration timeout) {
      host.drain(timeout);
    }

    @Override
    public void terminate() {
      host.terminate();
    }

    @Override
    public void kill() {
      host.kill();
    }

    @Override
    public void setTimer(Duration delay) {
      timer.cancel();
      timer = node.context().schedule(delay, () -> apply(now -> state.timerFired(now)));
    }

    @Override
    public void countRestart() {
      record.restarted(node.context().wallTime());
    }

    @Override
    public void recordExit(ExitCause cause, boolean unasked) {
      record.exited(cause, unasked);
      if (unasked) {
        failure = Optional.of(cause);
        record.failed(node.context().wallTime(), cause, end);
      }
    }

    @Override
    public void warn(String words) {
      write(state, words, SUPERVISOR, true);
    }
  }
}
