package blackhole.orchestrator.node;

import blackhole.api.host.NodeHome;
import blackhole.api.host.TlsFiles;
import blackhole.api.registry.Registry;
import blackhole.api.registry.ServiceDirectory;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.EndpointAddress;
import blackhole.api.rpc.NodeChannels;
import blackhole.api.supervision.Hosts;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceLimits;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.NodeConfiguration;
import blackhole.api.supervision.Samples;
import blackhole.api.supervision.Supervisor;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.SupervisorConfig;
import blackhole.orchestrator.control.CallTokens;
import blackhole.orchestrator.control.ControlService;
import blackhole.orchestrator.control.ControlSessions;
import blackhole.orchestrator.control.HostCredentials;
import blackhole.orchestrator.control.RegistryStreams;
import blackhole.orchestrator.distribution.ClassDataArchive;
import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.plan.ConfiguredNode;
import blackhole.orchestrator.plan.HostPlan;
import blackhole.orchestrator.plan.IssuerLoader;
import blackhole.orchestrator.plan.NodeId;
import blackhole.orchestrator.plan.NodeTls;
import blackhole.orchestrator.plan.ServiceBundles;
import blackhole.orchestrator.registry.InMemoryRegistry;
import blackhole.orchestrator.registry.NodeDirectory;
import blackhole.orchestrator.registry.Registrar;
import blackhole.orchestrator.remote.RemoteNodes;
import blackhole.orchestrator.supervision.SupervisorEngine;
import blackhole.orchestrator.supervision.ThreadSerialContext;
import blackhole.orchestrator.usage.SampledDriver;
import blackhole.orchestrator.usage.UsageSampler;
import io.grpc.BindableService;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
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

  /** How long hosts of an earlier orchestrator may drain before they are killed. */
  private static final Duration STRANDED_PATIENCE = Duration.ofSeconds(10);

  /** As a host's; services differ in their heaps' sizes, which an archive does not mind. */
  private static final List<String> TRAINING_FLAGS = List.of("-Xmx64m", "-XX:+UseSerialGC");

  private static final int MAX_MESSAGE_BYTES = 16 << 20;
  private static final Duration ENDPOINT_DRAIN = Duration.ofSeconds(1);
  private static final Duration REGISTRY_CLOSE = Duration.ofSeconds(1);

  /** SIGKILL cannot be ignored, but a process of low priority takes it late on a busy machine. */
  private static final Duration TRAINING_END = Duration.ofSeconds(10);

  private static final String OPERATOR = "operator";

  private final NodeOptions options;
  private final ConfiguredNode configured;
  private final Surroundings surroundings;
  private final NodeHome home;
  private final String nodeId;
  private final NodeOutput output;

  private final ScheduledExecutorService timers =
      Executors.newScheduledThreadPool(1, daemons("node-timer"));
  private final ExecutorService workers = Executors.newCachedThreadPool(daemons("node-worker"));
  private final ThreadSerialContext context = new ThreadSerialContext("supervisor");

  /** Its own, so that whoever watches the registry cannot keep the supervisor from its work. */
  private final ThreadSerialContext registryContext = new ThreadSerialContext("registry");

  private final AtomicInteger terminations = new AtomicInteger();

  private final HostLimits limits;
  private final StrandedHosts stranded;
  private final Optional<TlsFiles> tls;
  private final Registry registry;
  private final NodeDirectory directory;
  private final Registrar registrar;
  private final ControlSessions sessions = new ControlSessions();
  private final HostDriver driver;
  private final SocketProbe probe;
  private final UsageSampler usage;
  private final SupervisorEngine engine;
  private final ControlService control;
  private final ArchiveTrainer trainer;
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
    this.output = new NodeOutput(surroundings.out(), options, System.nanoTime());
    output.begin(distribution.index().version(), nodeId, configured.warnings());

    this.tls = NodeTls.prepare(home, nodeId, config, () -> IssuerLoader.load(distribution));
    HostFiles files = new HostFiles(home);
    HostRecords records = new HostRecords(home.state().resolve("hosts"));
    ClassDataArchive archive = ClassDataArchive.of(home.cache(), distribution);
    HostCredentials credentials = new HostCredentials();
    CallTokens callTokens = new CallTokens();
    ServiceBundles bundles = new ServiceBundles(home, distribution);
    HostPlan plan = new HostPlan(home, nodeId, config, bundles, tls);
    String runId = runId();
    this.registry = new InMemoryRegistry(registryContext);
    this.directory = new NodeDirectory(registry, registryContext, runId);
    this.registrar =
        new Registrar(
            nodeId,
            registry,
            directory::acknowledged,
            KnownServices.policies(config, bundles),
            context);
    this.limits = new HostLimits(surroundings.limiter(), home.digest(), config);
    this.stranded =
        new StrandedHosts(records, surroundings.processes(), files, timers, limits::removeStranded);
    this.driver =
        new HostDriver(
            new HostDriver.Parts(
                home,
                config.services(),
                plan,
                distribution,
                archive,
                surroundings.processes(),
                credentials,
                callTokens,
                sessions,
                registrar,
                records,
                files,
                limits),
            runId,
            workers);
    this.probe = new SocketProbe(surroundings.channels(), id -> driver.setup(id).socket());
    this.usage = new UsageSampler(surroundings.processSampler(), id -> memoryLimit(config, id));
    this.engine = supervisor(config);
    this.control =
        new ControlService(
            nodeId,
            credentials,
            sessions,
            new ControlBridge(driver, engine, registrar, usage),
            Optional.of(new RegistryStreams(directory, callTokens)),
            Optional.of(config.supervisor().sampleInterval()),
            timers);
    this.trainer =
        new ArchiveTrainer(home, distribution, archive, surroundings.processes(), timers, files);
  }

  private SupervisorEngine supervisor(NodeConfig config) {
    return new SupervisorEngine(
        config,
        new SampledDriver(driver, usage),
        new NotedProbe(probe, registrar::seen),
        context,
        ThreadLocalRandom.current()::nextDouble,
        output,
        Runtime.getRuntime().availableProcessors());
  }

  private static OptionalLong memoryLimit(NodeConfig config, InstanceId id) {
    ServiceConfig service = config.services().get(id.service());
    return service == null
        ? OptionalLong.empty()
        : OptionalLong.of(service.limits().maxMemoryBytes());
  }

  /** Ends what an earlier orchestrator left, and begins to start all services. */
  void start() throws IOException {
    endStranded();
    openRegistry();
    serveControl();
    surroundings.lifecycle().onTerminate(this::terminate);
    if (!options.attached()) {
      openShell();
    }
    startSampling();
    output.follow(engine);
    // behind the statuses that the supervisor has yet to publish
    engine
        .startAll("start of the node")
        .whenComplete((lines, failure) -> context.execute(this::started));
  }

  private void endStranded() throws IOException {
    int ended = stranded.end(STRANDED_PATIENCE).toCompletableFuture().join();
    limits.removeEmpty();
    if (ended > 0) {
      String hosts = ended == 1 ? "1 host" : ended + " hosts";
      output.note("ended " + hosts + " that an earlier orchestrator left behind");
    }
  }

  /** Describes all services before the first host asks, which would take less for the whole. */
  private void openRegistry() {
    directory.start();
    registrar.start(engine).thenCompose(directory::acknowledged).toCompletableFuture().join();
    Publisher publisher = surroundings.publisher();
    publisher.publish(Registry.class, registry);
    publisher.publish(ServiceDirectory.class, directory.directory());
    publisher.publish(CallerIdentity.class, new ThisCaller(nodeId, tls));
    if (!configured.config().remotes().isEmpty()) {
      surroundings.nodeChannels().thenAccept(this::watchOthers);
    }
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
    long interval = configured.config().supervisor().sampleInterval().toNanos();
    // the timer's thread may not wait for files
    timers.scheduleWithFixedDelay(
        () -> workers.execute(usage::sampleAll), interval, interval, TimeUnit.NANOSECONDS);
  }

  private void started() {
    output.end(engine.instances());
    if (options.attached()) {
      // a shell takes the terminal, once the last line of the start stands there
      workers.execute(this::openShell);
    }
    workers.execute(() -> trainer.train(TRAINING_FLAGS));
  }

  /** Publishes what the shell stands on: it serves from now on. */
  private void openShell() {
    Publisher publisher = surroundings.publisher();
    publisher.publish(Samples.class, usage);
    publisher.publish(Supervisor.class, engine);
    publisher.publish(InstanceLimits.class, () -> limits.of(desired()));
    publisher.publish(Hosts.class, new HostCommands(driver, sessions, surroundings.calls()));
    publisher.publish(NodeConfiguration.class, PublishedConfiguration.of(configured, home, nodeId));
  }

  private List<InstanceId> desired() {
    return engine.instances().stream().map(InstanceStatus::id).toList();
  }

  /** Called once for each signal; the second one ends what the first began. */
  private void terminate() {
    if (terminations.incrementAndGet() > 1) {
      output.note("stops at once: every host is killed");
      engine.forceStop(OPERATOR);
      return;
    }
    output.note("stops");
    CompletionStage<Void> trained = trainer.close();
    // the supervisor's thread may not wait for an endpoint
    engine
        .stopAll(OPERATOR)
        .whenCompleteAsync((lines, failure) -> stopped(failure, trained), workers);
  }

  private void stopped(@Nullable Throwable failure, CompletionStage<Void> trained) {
    if (failure != null) {
      LOG.log(Level.ERROR, "the stop was not in order", failure);
    }
    try {
      probe.close();
      closeOthers();
      surroundings.endpoint().drain(ENDPOINT_DRAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      // or its socket would be left behind
      trained
          .toCompletableFuture()
          .completeOnTimeout(null, TRAINING_END.toNanos(), TimeUnit.NANOSECONDS)
          .join();
      output.note("stopped");
      registrar
          .close()
          .toCompletableFuture()
          .completeOnTimeout(null, REGISTRY_CLOSE.toNanos(), TimeUnit.NANOSECONDS)
          .join();
      context.close();
      registryContext.close();
      surroundings.lifecycle().exit(0);
    }
  }

  private void closeOthers() {
    RemoteNodes watched = others;
    if (watched != null) {
      watched.close();
    }
  }

  /** Sets this orchestrator's hosts apart from those of the one before. */
  private static String runId() {
    byte[] random = new byte[3];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
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
