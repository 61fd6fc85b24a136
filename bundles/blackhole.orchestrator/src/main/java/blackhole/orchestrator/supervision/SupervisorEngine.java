package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceDetails;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.SupervisionException;
import blackhole.api.supervision.Supervisor;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.SupervisorConfig;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Supervises all instances of a node. Everything happens in one serial context: what other threads
 * ask is handed to it, and what they read is published as immutable values.
 */
public final class SupervisorEngine implements Supervisor, HostEvents, Fleet {
  /** Stands in the journal for what the scaler decided. */
  static final String SCALER = "scaler";

  private final InstanceDriver driver;
  private final SerialContext context;
  private final InstanceTable table;
  private final StatusBoard board;
  private final ServiceScale scale;
  private final StandIns standIns;
  private final DoubleSupplier random;
  private final Journal journal;
  private final int maxParallelStarts;

  // in the serial context

  private SupervisorConfig settings;
  private Capacity capacity;
  private Optional<CompletableFuture<List<String>>> stop = Optional.empty();
  private boolean settling;
  private boolean held;

  /** What each service was after the last event of any of its instances. */
  private final Map<String, InstanceState> services = new HashMap<>();

  /** Those that were in another state meanwhile, since all was settled last. */
  private final Set<String> moved = new LinkedHashSet<>();

  /**
   * @param capacity what bounds the number of instances
   * @param random from 0 to 1, for jitter
   * @param maxParallelStarts hosts that start at the same time; the processor's cores, as a rule
   */
  public SupervisorEngine(
      NodeConfig config,
      Capacity capacity,
      InstanceDriver driver,
      HealthProbe probe,
      SerialContext context,
      DoubleSupplier random,
      Journal journal,
      int maxParallelStarts) {
    this.driver = driver;
    this.context = context;
    this.settings = config.supervisor();
    this.capacity = capacity;
    this.random = random;
    this.journal = journal;
    this.maxParallelStarts = Math.max(1, maxParallelStarts);
    HealthMonitor.Factory monitors =
        (id, listener) ->
            new HealthMonitor(
                context,
                probe,
                id,
                () -> settings.healthCheckInterval(),
                () -> settings.healthCheckTimeout(),
                listener);
    Surroundings surroundings = new Surroundings();
    this.table =
        new InstanceTable(
            config,
            (id, service, rules) ->
                new ManagedInstance(id, service, rules, surroundings, driver, monitors));
    this.board = new StatusBoard(context, table.all(), id -> driver.setup(id).socket());
    this.standIns = new StandIns(table, () -> this.capacity);
    this.scale =
        new ServiceScale(table, context, journal, () -> this.capacity, board::remove, standIns);
  }

  @Override
  public List<InstanceStatus> instances() {
    return table.all().stream()
        .map(one -> board.status(one.id()))
        .flatMap(Optional::stream)
        .toList();
  }

  /** As {@link #instances}, with a little more; cheap. */
  public List<InstanceSummary> summaries() {
    return table.all().stream()
        .map(one -> board.summary(one.id()))
        .flatMap(Optional::stream)
        .toList();
  }

  @Override
  public Optional<InstanceDetails> details(InstanceId id) {
    return table.find(id).flatMap(instance -> board.details(instance, driver.setup(id)));
  }

  @Override
  public CompletionStage<List<String>> start(String service, OptionalInt instance, String who) {
    return command(
        service, instance, some -> Answers.all(each(some, one -> scale.start(one, who))));
  }

  @Override
  public CompletionStage<List<String>> stop(String service, OptionalInt instance, String who) {
    return command(service, instance, some -> Answers.all(each(some, one -> one.stop(who))));
  }

  @Override
  public CompletionStage<List<String>> restart(String service, OptionalInt instance, String who) {
    return command(
        service,
        instance,
        some ->
            Answers.inTurn(
                some, one -> inContext(() -> unlessStopping(() -> scale.restart(one, who)))));
  }

  /**
   * Starts all that are enabled, unless somebody had stopped them, in the order of what depends on
   * what. Completes when each is READY or has failed for the first time, with a line for each.
   */
  public CompletionStage<List<String>> startAll(String who) {
    return inContext(
        () ->
            unlessStopping(
                () -> {
                  List<ManagedInstance> wanted =
                      table.all().stream().filter(one -> !one.staysStopped()).toList();
                  return Answers.lines(each(wanted, one -> scale.start(one, who)));
                }));
  }

  /**
   * Goes on from what an earlier orchestrator knew, before anything else. A service that it tells
   * of gets the instances that it had then; those that were to be down stay so at {@link
   * #startAll}.
   */
  public void remember(Map<InstanceId, Remembered> earlier) {
    context.execute(() -> scale.restore(earlier));
  }

  /**
   * Takes over processes of an earlier orchestrator, before the first start. A service gets the
   * instances that they are, as it had been given them; one that is not configured, none.
   */
  public void adopt(List<Adoption> adoptions) {
    context.execute(
        () ->
            adoptions.forEach(
                one -> table.findOrAdd(one.id()).ifPresent(instance -> instance.adopt(one))));
  }

  /**
   * Nothing is started before {@link #release}, but all that is to be counts as expected.
   *
   * @return completes when that is so
   */
  public CompletionStage<Void> hold() {
    return inContext(
        () -> {
          held = true;
          return CompletableFuture.completedStage(null);
        });
  }

  /** Starts what was to be started meanwhile, and from now on. */
  public void release() {
    context.execute(
        () -> {
          held = false;
          settle();
        });
  }

  /**
   * Another configuration is in force. What runs follows it as far as it can without a new process;
   * which services run, and how many instances of each, stays as it is. Those that have instances
   * have to be in it, and enabled.
   *
   * @param single the services whose data one process at a time may use
   * @return completes when that is so
   */
  public CompletionStage<Void> reconfigure(NodeConfig config, Set<String> single) {
    return inContext(
        () -> {
          settings = config.supervisor();
          capacity = capacity.withSingle(single);
          table.reconfigure(config);
          // any of them may depend on other services now
          table.all().forEach(ManagedInstance::lookAround);
          settle();
          return CompletableFuture.completedStage(null);
        });
  }

  /**
   * Starts a service that the configuration has got. Completes when each instance is READY, with a
   * line for each; exceptionally when one has failed for the first time.
   */
  public CompletionStage<List<String>> enter(String service, String who) {
    return inContext(() -> unlessStopping(() -> Answers.all(scale.enter(service, who))));
  }

  /** Drains and stops a service that is to leave the configuration; completes when it is gone. */
  public CompletionStage<List<String>> leave(String service, String who) {
    return inContext(() -> unlessStopping(() -> Answers.all(scale.leave(service, who))));
  }

  @Override
  public CompletionStage<List<String>> scale(String service, int instances, String who) {
    return inContext(() -> unlessStopping(() -> scale.to(service, instances, who)));
  }

  @Override
  public CompletionStage<Optional<String>> step(String service, int from, int to, String why) {
    return inContext(
        () ->
            unlessStopping(
                () ->
                    CompletableFuture.completedFuture(scale.step(service, from, to, why, SCALER))));
  }

  /** Nobody changes how many instances a service has, until {@link #release(String)}. */
  public void reserve(String service) {
    context.execute(() -> standIns.reserve(service));
  }

  public void release(String service) {
    context.execute(() -> standIns.release(service));
  }

  /**
   * Starts one instance more of a service that is reserved, to serve while the others are replaced.
   *
   * @return completes when it is READY, or has failed for the first time
   */
  public CompletionStage<StandIn> standIn(String service, String who) {
    return inContext(() -> unlessStopping(() -> standIns.place(service, scale, who)));
  }

  /** Drains one that stood in, and takes it away; completes when it is gone. */
  public CompletionStage<List<String>> dismiss(InstanceId id, String who) {
    return inContext(() -> unlessStopping(() -> standIns.dismiss(id, scale, who)));
  }

  /** The next orchestrator is not to go on with these. */
  public Set<InstanceId> standIns() {
    return standIns.present();
  }

  @Override
  public void note(String service, String words, boolean warning) {
    context.execute(() -> scale.decided(service, words, SCALER, warning));
  }

  /**
   * Stops all in the opposite order, within {@code graceful_shutdown_timeout} and a moment, and
   * takes no more commands. Completes when all processes have ended, or cannot be ended, with a
   * line for each. Asking again gives the same answer.
   */
  public CompletionStage<List<String>> stopAll(String who) {
    return inContext(() -> stop.orElseGet(() -> beginStop(who)));
  }

  private CompletableFuture<List<String>> beginStop(String who) {
    CompletableFuture<List<String>> stopped = new CompletableFuture<>();
    stop = Optional.of(stopped);
    stopIdle(who);
    new NodeStop(context, table.stopLevels(), settings.gracefulShutdownTimeout(), who)
        .begin()
        .thenAccept(stopped::complete);
    return stopped;
  }

  /** As {@link #stopAll}, by SIGKILL, all at once. */
  public CompletionStage<List<String>> forceStop(String who) {
    return inContext(
        () -> {
          CompletableFuture<List<String>> stopped = stop.orElseGet(() -> beginStop(who));
          table.all().stream()
              .filter(instance -> instance.state().hasProcess())
              .forEach(instance -> instance.kill(who));
          return stopped;
        });
  }

  @Override
  public AutoCloseable watch(Consumer<InstanceStatus> watcher) {
    return board.watch(watcher);
  }

  @Override
  public void helloed(InstanceId id, long generation, Optional<String> archive) {
    onInstance(id, instance -> instance.helloed(generation, archive));
  }

  @Override
  public void progress(InstanceId id, long generation, String step) {
    fromHost(id, generation, (state, now) -> state.progressed(now, step));
  }

  @Override
  public void ready(
      InstanceId id, long generation, OptionalInt port, Optional<String> bundleVersion) {
    onInstance(id, instance -> instance.ready(generation, port, bundleVersion));
  }

  @Override
  public void startFailed(InstanceId id, long generation, String reason) {
    fromHost(id, generation, (state, now) -> state.announcedFailure(now, reason));
  }

  @Override
  public void draining(InstanceId id, long generation, String reason) {
    fromHost(id, generation, (state, now) -> state.announcedDraining(now, reason));
  }

  @Override
  public void controlLost(InstanceId id, long generation) {
    fromHost(id, generation, (state, now) -> state.controlLost(now));
  }

  private void fromHost(InstanceId id, long generation, BiFunction<State, Moment, Step> event) {
    onInstance(id, instance -> instance.fromHost(generation, event));
  }

  private void onInstance(InstanceId id, Consumer<ManagedInstance> event) {
    table.find(id).ifPresent(instance -> context.execute(() -> event.accept(instance)));
  }

  private CompletionStage<List<String>> command(
      String service,
      OptionalInt number,
      Function<List<ManagedInstance>, CompletionStage<List<String>>> command) {
    return inContext(() -> unlessStopping(() -> command.apply(table.choose(service, number))));
  }

  private static List<CompletableFuture<String>> each(
      List<ManagedInstance> some, Function<ManagedInstance, CompletableFuture<String>> command) {
    return some.stream().map(command).toList();
  }

  private <T> CompletionStage<T> unlessStopping(Supplier<CompletionStage<T>> command) {
    return stop.isPresent()
        ? CompletableFuture.failedStage(new SupervisionException("the node is stopping"))
        : command.get();
  }

  private <T> CompletionStage<T> inContext(Supplier<CompletionStage<T>> command) {
    return Answers.inContext(context, command);
  }

  /**
   * After any event: dependents look around, and who is next may start. Done once for all events
   * that came before, not within one.
   */
  private void settle() {
    settling = false;
    if (stop.isPresent()) {
      stopIdle(Moment.SUPERVISOR);
    }
    tellDependents();
    StartQueue queue = table.queue();
    Optional<ManagedInstance> next = queue.next();
    while (!held && next.isPresent() && queue.starting() < maxParallelStarts) {
      next.get().grant();
      next = queue.next();
    }
  }

  /** Most events change nothing about a service as a whole, so there is nobody to tell. */
  private void tellDependents() {
    List<String> some = List.copyOf(moved);
    moved.clear();
    some.forEach(service -> table.dependentsOf(service).forEach(ManagedInstance::lookAround));
  }

  private void noteService(String service) {
    InstanceState now = table.state(service);
    if (services.put(service, now) != now) {
      moved.add(service);
    }
  }

  /** When the node stops, what has no process must not get one any more. */
  private void stopIdle(String who) {
    table.all().stream()
        .filter(one -> !one.state().hasProcess())
        .filter(one -> !(one.state() instanceof Stopped || one.state() instanceof Failed))
        .forEach(one -> one.kill(who));
  }

  /** What each instance sees of the node. */
  private final class Surroundings implements ManagedInstance.Node {
    @Override
    public SerialContext context() {
      return context;
    }

    @Override
    public Journal journal() {
      return journal;
    }

    @Override
    public double random() {
      return random.getAsDouble();
    }

    @Override
    public Dependencies dependencies(ServiceConfig service) {
      return table.dependencies(service);
    }

    @Override
    public void publish(ManagedInstance instance) {
      if (table.contains(instance)) {
        board.update(instance);
      }
    }

    @Override
    public void changed(ManagedInstance instance) {
      table.queue().changed(instance);
      noteService(instance.id().service());
      if (!settling) {
        settling = true;
        context.execute(SupervisorEngine.this::settle);
      }
    }
  }
}
