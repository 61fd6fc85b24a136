package blackhole.orchestrator.node;

import blackhole.api.host.NodeHome;
import blackhole.api.host.TlsFiles;
import blackhole.api.observe.Tracer;
import blackhole.api.observe.TracingSettings;
import blackhole.api.registry.Registry;
import blackhole.api.registry.ServiceDirectory;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.EndpointAddress;
import blackhole.api.rpc.NodeChannels;
import blackhole.api.supervision.Alerts;
import blackhole.api.supervision.Handover;
import blackhole.api.supervision.Hosts;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceLimits;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.NodeConfiguration;
import blackhole.api.supervision.NodeEvents;
import blackhole.api.supervision.PastUsage;
import blackhole.api.supervision.Pressure;
import blackhole.api.supervision.Reloading;
import blackhole.api.supervision.Samples;
import blackhole.api.supervision.Spares;
import blackhole.api.supervision.StateHistory;
import blackhole.api.supervision.Supervisor;
import blackhole.api.supervision.Updates;
import blackhole.orchestrator.config.LogFormat;
import blackhole.orchestrator.config.MachineMemory;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.SupervisorConfig;
import blackhole.orchestrator.config.TracingConfig;
import blackhole.orchestrator.control.ControlService;
import blackhole.orchestrator.control.RegistryMessages;
import blackhole.orchestrator.control.RegistryStreams;
import blackhole.orchestrator.distribution.CarriedCatalog;
import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.event.EventPublisher;
import blackhole.orchestrator.journal.StateJournal;
import blackhole.orchestrator.plan.ConfiguredNode;
import blackhole.orchestrator.plan.HostPlan;
import blackhole.orchestrator.plan.IssuerLoader;
import blackhole.orchestrator.plan.NodeId;
import blackhole.orchestrator.plan.NodeTls;
import blackhole.orchestrator.plan.ServiceBundles;
import blackhole.orchestrator.pressure.PressureWatch;
import blackhole.orchestrator.pressure.Thresholds;
import blackhole.orchestrator.registry.InMemoryRegistry;
import blackhole.orchestrator.registry.NodeDirectory;
import blackhole.orchestrator.registry.Registrar;
import blackhole.orchestrator.remote.RemoteNodes;
import blackhole.orchestrator.scaling.AutoScaler;
import blackhole.orchestrator.supervision.Adoption;
import blackhole.orchestrator.supervision.Capacity;
import blackhole.orchestrator.supervision.Journal;
import blackhole.orchestrator.supervision.Remembered;
import blackhole.orchestrator.supervision.SupervisorEngine;
import blackhole.orchestrator.supervision.ThreadSerialContext;
import blackhole.orchestrator.trust.BundleTrust;
import blackhole.orchestrator.update.DeployFolder;
import blackhole.orchestrator.update.Updater;
import blackhole.orchestrator.usage.SampledDriver;
import blackhole.orchestrator.usage.TelemetryReader;
import blackhole.orchestrator.usage.UsageSampler;
import io.grpc.BindableService;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A node put together, from its start to its stop. */
final class Node {
  private static final Logger LOG = System.getLogger(Node.class.getName());

  private static final int MAX_MESSAGE_BYTES = 16 << 20;
  private static final Duration ENDPOINT_DRAIN = Duration.ofSeconds(1);
  private static final Duration REGISTRY_CLOSE = Duration.ofSeconds(1);
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  /**
   * SIGKILL cannot be ignored, but processes of low priority take it late on a busy machine; what
   * takes longer hangs in the kernel.
   */
  private static final Duration PREPARATION_END = Duration.ofSeconds(10);

  /** For all of it; what is not gone by then hangs. */
  private static final Duration REMOVAL_END = Duration.ofSeconds(40);

  /** Between two looks for what was put into {@code HOME/deploy}. */
  private static final Duration DEPLOY_LOOK = Duration.ofSeconds(1);

  private static final String OPERATOR = "operator";
  private static final String SUPERVISOR = "supervisor";

  private final NodeOptions options;
  private final ConfiguredNode configured;
  private final Surroundings surroundings;
  private final NodeHome home;
  private final String nodeId;
  private final StateJournal history;
  private final EventPublisher events;
  private final TelemetryReader past;
  private final NodeOutput output;

  private final ScheduledExecutorService timers =
      Executors.newScheduledThreadPool(1, daemons("node-timer"));
  private final ExecutorService workers = Executors.newCachedThreadPool(daemons("node-worker"));
  private final ThreadSerialContext context = new ThreadSerialContext("supervisor");

  /** Its own, so that whoever watches the registry cannot keep the supervisor from its work. */
  private final ThreadSerialContext registryContext = new ThreadSerialContext("registry");

  private final AtomicInteger terminations = new AtomicInteger();

  private final LiveConfiguration live;
  private final Optional<TlsFiles> tls;
  private final Registry registry;
  private final NodeDirectory directory;
  private final Registrar registrar;
  private final Hosting hosting;
  private final InstanceMemory memory;
  private final SocketProbe probe;
  private final UsageSampler usage;
  private final SupervisorEngine engine;
  private final HostCommands hosts;
  private final PressureGuard pressure;
  private final Rounds rounds;
  private final NodeAlerts alerts;
  private final Reload reload;
  private final Updater updates;
  private final ControlService control;
  private final Departure departure;
  private volatile @Nullable RemoteNodes others;

  /** Makes the home's directories, and starts nothing yet. */
  Node(
      NodeOptions options,
      ConfiguredNode configured,
      Distribution distribution,
      Surroundings surroundings)
      throws IOException {
    this.options = options;
    this.configured = configured;
    this.surroundings = surroundings;
    this.home = options.home();
    home.create();
    NodeConfig config = configured.config();
    this.nodeId = NodeId.of(home, config.nodeId());
    this.history = StateJournal.open(home.state().resolve("journal.jsonl"));
    String runId = Hosting.newRunId();
    LiveConfiguration present =
        new LiveConfiguration(
            configured, home, nodeId, all -> surroundings.lifecycle().hide(all.values()));
    this.live = present;
    this.events = new EventPublisher(runId, present::hasEvents, timers, workers);
    this.past = new TelemetryReader(() -> present.has(TelemetryReader.SERVICE), Clock.systemUTC());
    this.output = new NodeOutput(surroundings.out(), options, history, events, System.nanoTime());
    output.begin(distribution.index().version(), nodeId, configured.warnings());

    if (config.logFormat() == LogFormat.JSON) {
      surroundings.lifecycle().logAsJson();
    }
    this.tls = NodeTls.prepare(home, nodeId, config, () -> IssuerLoader.load(distribution));
    BundleTrust trust = new BundleTrust(config.bundles().trust());
    ServiceBundles bundles = new ServiceBundles(home, distribution, trust);
    HostPlan plan = new HostPlan(home, nodeId, present::config, bundles, tls, present::secrets);
    this.registry = new InMemoryRegistry(registryContext);
    this.directory = new NodeDirectory(registry, registryContext, runId);
    this.registrar =
        new Registrar(
            nodeId,
            registry,
            directory::acknowledged,
            KnownServices.policies(config, bundles),
            context);
    this.hosting =
        new Hosting(
            home,
            live,
            plan,
            distribution,
            registrar,
            surroundings,
            runId,
            workers,
            timers,
            this::noteStart);
    this.memory = new InstanceMemory(home.state().resolve("instances.properties"), workers);
    HostDriver driver = hosting.driver();
    HostLimits limits = hosting.limits();
    this.probe =
        new SocketProbe(surroundings.channels(), id -> driver.setup(id).socket(), plan::redacted);
    this.usage = new UsageSampler(surroundings.processSampler(), limits::memoryBytes);
    this.engine =
        supervisor(
            config,
            new Capacity(
                KnownServices.single(config, bundles), MachineMemory.read(), live::memoryBytes));
    this.pressure =
        new PressureGuard(
            new PressureWatch(service -> Thresholds.of(live.config(), service), CORES),
            usage,
            surroundings.processSampler(),
            engine::instances,
            driver::session,
            limits,
            output);
    this.departure =
        new Departure(
            config.supervisor().onOrchestratorLoss(),
            engine,
            hosting,
            output,
            () -> terminations.compareAndSet(0, 1),
            workers,
            this::depart);
    this.updates =
        NodeUpdates.of(
            home,
            live,
            bundles,
            engine,
            driver,
            probe,
            output,
            tracer(),
            trust,
            Executors.newSingleThreadExecutor(daemons("node-updates")));
    this.rounds = new Rounds(timers, workers, () -> live.config().supervisor().sampleInterval());
    this.reload =
        new Reload(
            options,
            new CarriedCatalog(distribution.index()),
            live,
            limits,
            new NodeMoves(live, bundles, engine, registrar, limits, rounds, updates),
            updates::alone,
            output::event);
    this.hosts = new HostCommands(driver, hosting.sessions(), surroundings.calls());
    this.alerts = alerts(config, driver);
    this.control =
        new ControlService(
            nodeId,
            hosting.credentials(),
            hosting.sessions(),
            new ControlBridge(
                driver,
                engine,
                registrar,
                usage,
                hosting.spares()::ready,
                plan::redacted,
                ended -> surroundings.spans().get().ifPresent(sink -> sink.ended(ended))),
            Optional.of(new RegistryStreams(directory, hosting.callTokens())),
            () -> Optional.of(live.config().supervisor().sampleInterval()),
            OptionalDouble.of(config.tracing().sampling()),
            timers);
  }

  /** Of what the node does by itself; recorded as soon as somebody keeps it. */
  private Tracer tracer() {
    Tracer tracer =
        new Tracer(
            spans ->
                surroundings
                    .spans()
                    .get()
                    .ifPresent(
                        sink ->
                            sink.ended(
                                spans.stream().map(span -> span.from("orchestrator")).toList())));
    tracer.record(0);
    return tracer;
  }

  private NodeAlerts alerts(NodeConfig config, HostDriver driver) {
    AlertEyes eyes =
        new AlertEyes(
            config.alerts(),
            home.root(),
            tls,
            new AlertEyes.Parts(engine, usage, pressure, updates, hosts, driver::session));
    return new NodeAlerts(
        config.alerts(),
        eyes,
        home.state(),
        service -> Thresholds.of(live.config(), service).memory(),
        output,
        workers);
  }

  private SupervisorEngine supervisor(NodeConfig config, Capacity capacity) {
    return new SupervisorEngine(
        config,
        capacity,
        new SampledDriver(new PortGuard(hosting.driver(), live::config), usage),
        new NotedProbe(probe, registrar::seen),
        context,
        ThreadLocalRandom.current()::nextDouble,
        output,
        CORES);
  }

  /** In the order of the supervisor's own entries, which precede the start that this is about. */
  private void noteStart(InstanceId id, String words) {
    context.execute(
        () ->
            output.record(
                new Journal.Entry(
                    context.wallTime(),
                    id,
                    InstanceState.STARTING,
                    InstanceState.STARTING,
                    words,
                    SUPERVISOR,
                    false)));
  }

  /**
   * Takes over what an earlier orchestrator left, and begins to start all services that do not run
   * already. Who runs already may call before this is done, and must not see a service fall that is
   * about to start: so all that is to be is known before anybody is served, and done after that.
   */
  void start() throws IOException {
    Map<InstanceId, Remembered> known = memory.read(configured.config());
    Set<InstanceId> standIns = memory.readStandIns();
    EarlierHosts.Found earlier =
        hosting.findEarlier(
            id ->
                standIns.contains(id)
                    || Optional.ofNullable(known.get(id)).flatMap(Remembered::stopped).isPresent());
    List<String> unfinished = updates.settle(configured.config().enabledServices());
    output.follow(engine);
    alerts.start(engine);
    var unused = engine.hold();
    engine.remember(known);
    adopt(earlier);
    // on the supervisor's thread, in turn with the statuses that the output hears of
    engine
        .startAll("start of the node")
        .whenComplete((lines, failure) -> context.execute(() -> started(unfinished)));
    memory.follow(live::config, engine, engine::standIns);
    openRegistry(earlier);
    serveControl();
    surroundings.lifecycle().onTerminate(this::terminate);
    if (!options.attached()) {
      openShell();
    }
    startSampling();
    hosting.endStranded(earlier).thenAccept(this::noteEnded);
    engine.release();
    // in turn: after all that was held, as the start of the services was
    context.execute(alerts::begin);
  }

  private void adopt(EarlierHosts.Found earlier) {
    List<Adoption> adoptions = hosting.adopt(earlier);
    if (!adoptions.isEmpty()) {
      output.note("adopts " + hosts(adoptions.size()) + " of an earlier orchestrator");
      engine.adopt(adoptions);
    }
  }

  private void noteEnded(int ended) {
    if (ended > 0) {
      output.note("ended " + hosts(ended) + " that an earlier orchestrator left behind");
    }
  }

  private static String hosts(int count) {
    return count == 1 ? "1 host" : count + " hosts";
  }

  /** Describes all services before the first host asks, which would take less for the whole. */
  private void openRegistry(EarlierHosts.Found earlier) {
    directory.start();
    registrar.start(engine).thenCompose(directory::acknowledged).toCompletableFuture().join();
    List<CompletableFuture<Void>> entered =
        earlier.staying().stream().flatMap(host -> enter(host).stream()).toList();
    CompletableFuture.allOf(entered.toArray(CompletableFuture[]::new)).join();
    Publisher publisher = surroundings.publisher();
    publisher.publish(TracingSettings.class, tracing(configured.config().tracing()));
    publisher.publish(Registry.class, registry);
    publisher.publish(ServiceDirectory.class, directory.directory());
    publisher.publish(CallerIdentity.class, new ThisCaller(nodeId, tls));
    String token = hosting.callTokens().issue(ThisCaller.NAME, ThisCaller.NAME);
    surroundings
        .services()
        .thenAccept(
            channels -> {
              events.connect(channels, token);
              past.connect(channels, token);
            });
    if (!configured.config().remotes().isEmpty()) {
      surroundings.nodeChannels().thenAccept(this::watchOthers);
    }
  }

  private TracingSettings tracing(TracingConfig config) {
    return new TracingSettings(
        config.sampling(),
        config
            .endpoint()
            .map(
                endpoint ->
                    new TracingSettings.Export(
                        TracingSettings.Exporter.valueOf(config.exporter().name()), endpoint)),
        nodeId);
  }

  /** One that served does so still. */
  private Optional<CompletableFuture<Void>> enter(EarlierHost host) {
    return host.ready()
        .map(
            ready ->
                registrar
                    .adopted(
                        host.id(),
                        host.record().hostId(),
                        ready.getPort() == 0
                            ? OptionalInt.empty()
                            : OptionalInt.of(ready.getPort()),
                        RegistryMessages.methods(ready.getMethodsList()))
                    .thenCompose(directory::acknowledged)
                    .toCompletableFuture());
  }

  private void watchOthers(NodeChannels channels) {
    SupervisorConfig intervals = configured.config().supervisor();
    RemoteNodes watched =
        new RemoteNodes(
            configured.config().remotes(),
            new RemoteNodes.Surroundings(
                channels,
                new OtherNodes(registrar),
                intervals.healthCheckInterval(),
                intervals.healthCheckTimeout(),
                timers,
                Clock.systemUTC()));
    others = watched;
    watched.start();
  }

  private void serveControl() throws IOException {
    surroundings.publisher().publish(BindableService.class, control);
    surroundings
        .endpoint()
        .open(
            new EndpointAddress(
                "node",
                home.controlSocket(),
                OptionalInt.empty(),
                Optional.empty(),
                MAX_MESSAGE_BYTES,
                OptionalInt.empty()));
    surroundings.endpoint().setServing(true);
  }

  private void startSampling() {
    AutoScaler scaler = new AutoScaler(live::config, engine, usage, System::nanoTime, CORES);
    rounds.begin(
        () -> {
          usage.sampleAll();
          pressure.look();
          alerts.round();
          scaler.round();
        });
  }

  private void started(List<String> unfinished) {
    output.end(engine.instances());
    unfinished.forEach(service -> updates.recover(service, SUPERVISOR));
    DeployFolder deploy =
        new DeployFolder(
            home.deploy(),
            home.state().resolve("deployed.properties"),
            updates,
            surroundings.audit());
    // the timer's thread may not wait for files
    timers.scheduleWithFixedDelay(
        () -> workers.execute(deploy::look), 0, DEPLOY_LOOK.toNanos(), TimeUnit.NANOSECONDS);
    if (options.attached()) {
      // a shell takes the terminal, once the last line of the start stands there
      workers.execute(this::openShell);
    }
    hosting.prepare(engine);
  }

  /** Publishes what the shell stands on: it serves from now on. */
  private void openShell() {
    Publisher publisher = surroundings.publisher();
    publisher.publish(Samples.class, usage);
    publisher.publish(Supervisor.class, engine);
    publisher.publish(Spares.class, hosting.spares());
    publisher.publish(InstanceLimits.class, () -> hosting.limits().of(desired()));
    publisher.publish(Hosts.class, hosts);
    publisher.publish(NodeConfiguration.class, live);
    publisher.publish(Pressure.class, pressure);
    publisher.publish(Alerts.class, alerts);
    publisher.publish(Updates.class, updates);
    publisher.publish(Reloading.class, reload);
    publisher.publish(StateHistory.class, history);
    publisher.publish(NodeEvents.class, events.reader());
    publisher.publish(PastUsage.class, past);
    // last: the shell's server waits for it
    publisher.publish(Handover.class, departure);
  }

  private List<InstanceId> desired() {
    return engine.instances().stream().map(InstanceStatus::id).toList();
  }

  /** Called once for each signal; the second one ends what the first began. */
  private void terminate() {
    if (departure.hasBegun()) {
      return;
    }
    if (terminations.incrementAndGet() > 1) {
      output.note("stops at once: every host is killed");
      alerts.close();
      engine.forceStop(OPERATOR);
      return;
    }
    output.note("stops");
    alerts.close();
    memory.forget();
    CompletionStage<Void> unprepared = hosting.stopPreparing();
    // the supervisor's thread may not wait for an endpoint
    engine
        .stopAll(OPERATOR)
        .whenCompleteAsync((lines, failure) -> stopped(failure, unprepared), workers);
  }

  private void stopped(@Nullable Throwable failure, CompletionStage<Void> unprepared) {
    if (failure != null) {
      LOG.log(Level.ERROR, "the stop was not in order", failure);
    }
    try {
      closeDoors();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      // or their sockets and cgroups would be left behind
      unprepared
          .toCompletableFuture()
          .completeOnTimeout(null, PREPARATION_END.toNanos(), TimeUnit.NANOSECONDS)
          .thenCompose(prepared -> hosting.removed())
          .toCompletableFuture()
          .completeOnTimeout(null, REMOVAL_END.toNanos(), TimeUnit.NANOSECONDS)
          .join();
      output.note("stopped");
      registrar
          .close()
          .toCompletableFuture()
          .completeOnTimeout(null, REGISTRY_CLOSE.toNanos(), TimeUnit.NANOSECONDS)
          .join();
      exit();
    }
  }

  /** Without a word to the registry: it stays as it is in the hosts, who serve on. */
  private void depart() {
    memory.keep();
    alerts.close();
    try {
      closeDoors();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      output.note("gone; the hosts stay");
      exit();
    }
  }

  private void closeDoors() throws InterruptedException {
    events.close();
    probe.close();
    closeOthers();
    surroundings.endpoint().drain(ENDPOINT_DRAIN);
  }

  private void exit() {
    context.close();
    registryContext.close();
    history.close();
    surroundings.lifecycle().exit(0);
  }

  private void closeOthers() {
    RemoteNodes watched = others;
    if (watched != null) {
      watched.close();
    }
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
