package blackhole.orchestrator.node;

import blackhole.api.host.NodeHome;
import blackhole.api.rpc.EndpointAddress;
import blackhole.api.supervision.Hosts;
import blackhole.api.supervision.NodeConfiguration;
import blackhole.api.supervision.Supervisor;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.control.ControlService;
import blackhole.orchestrator.control.ControlSessions;
import blackhole.orchestrator.control.HostCredentials;
import blackhole.orchestrator.distribution.ClassDataArchive;
import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.plan.ConfiguredNode;
import blackhole.orchestrator.plan.HostPlan;
import blackhole.orchestrator.plan.NodeId;
import blackhole.orchestrator.plan.ServiceBundles;
import blackhole.orchestrator.supervision.SupervisorEngine;
import blackhole.orchestrator.supervision.ThreadSerialContext;
import io.grpc.BindableService;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A node put together, from its start to its stop. */
final class Node {
  private static final Logger LOG = System.getLogger(Node.class.getName());

  /** How long hosts of an earlier orchestrator may drain before they are killed. */
  private static final Duration STRANDED_PATIENCE = Duration.ofSeconds(10);

  /** As a host's; services differ in their heaps' sizes, which an archive does not mind. */
  private static final List<String> TRAINING_FLAGS = List.of("-Xmx64m", "-XX:+UseSerialGC");

  private static final int MAX_MESSAGE_BYTES = 16 << 20;
  private static final Duration ENDPOINT_DRAIN = Duration.ofSeconds(1);

  private final NodeOptions options;
  private final NodeHome home;
  private final NodeConfig config;
  private final ConfiguredNode configured;
  private final Distribution distribution;
  private final Surroundings surroundings;

  private final ScheduledExecutorService timers =
      Executors.newScheduledThreadPool(1, daemons("node-timer"));
  private final ExecutorService workers = Executors.newCachedThreadPool(daemons("node-worker"));
  private final ThreadSerialContext context = new ThreadSerialContext("supervisor");
  private final AtomicInteger terminations = new AtomicInteger();

  Node(
      NodeOptions options,
      ConfiguredNode configured,
      Distribution distribution,
      Surroundings surroundings) {
    this.options = options;
    this.home = options.home();
    this.configured = configured;
    this.config = configured.config();
    this.distribution = distribution;
    this.surroundings = surroundings;
  }

  void start() throws IOException, InterruptedException {
    long began = System.nanoTime();
    home.create();
    String nodeId = NodeId.of(home, config.nodeId());
    NodeOutput output = new NodeOutput(surroundings.out(), options, began);
    output.begin(distribution.index().version(), nodeId, configured.warnings());

    HostFiles files = new HostFiles(home);
    HostRecords records = new HostRecords(home.state().resolve("hosts"));
    endStranded(records, files, output);

    ClassDataArchive archive = ClassDataArchive.of(home.cache(), distribution);
    HostCredentials credentials = new HostCredentials();
    ControlSessions sessions = new ControlSessions();
    HostPlan plan = new HostPlan(home, nodeId, config, new ServiceBundles(home, distribution));
    HostDriver driver =
        new HostDriver(
            new HostDriver.Parts(
                home,
                config.services(),
                plan,
                distribution,
                archive,
                surroundings.processes(),
                credentials,
                sessions,
                records,
                files),
            runId(),
            workers);
    SocketProbe probe = new SocketProbe(surroundings.channels(), id -> driver.setup(id).socket());
    SupervisorEngine engine =
        new SupervisorEngine(
            config,
            driver,
            probe,
            context,
            ThreadLocalRandom.current()::nextDouble,
            output,
            Runtime.getRuntime().availableProcessors());
    ControlBridge bridge = new ControlBridge(driver);
    bridge.connect(engine);
    serveControl(new ControlService(nodeId, credentials, sessions, bridge, timers));
    ArchiveTrainer trainer =
        new ArchiveTrainer(home, distribution, archive, surroundings.processes(), timers, files);
    surroundings.lifecycle().onTerminate(() -> stop(engine, trainer, probe, output));
    surroundings.publisher().publish(Supervisor.class, engine);
    surroundings.publisher().publish(Hosts.class, new HostCommands(driver));
    surroundings
        .publisher()
        .publish(NodeConfiguration.class, PublishedConfiguration.of(configured, home, nodeId));

    output.follow(engine);
    engine
        .startAll("start of the node")
        .whenComplete(
            // behind the statuses that the supervisor has yet to publish
            (lines, failure) ->
                context.execute(
                    () -> {
                      output.end(engine.instances());
                      workers.execute(() -> trainer.train(TRAINING_FLAGS));
                    }));
  }

  private void endStranded(HostRecords records, HostFiles files, NodeOutput output)
      throws IOException, InterruptedException {
    int ended =
        new StrandedHosts(records, surroundings.processes(), files, timers)
            .end(STRANDED_PATIENCE)
            .toCompletableFuture()
            .join();
    if (ended > 0) {
      output.note(
          "ended "
              + (ended == 1 ? "a host" : ended + " hosts")
              + " that an earlier orchestrator left behind");
    }
  }

  private void serveControl(ControlService control) throws IOException {
    surroundings.publisher().publish(BindableService.class, control);
    surroundings
        .endpoint()
        .open(
            new EndpointAddress(
                "node", home.controlSocket(), OptionalInt.empty(), MAX_MESSAGE_BYTES));
    surroundings.endpoint().setServing(true);
  }

  /** Called once for each signal; the second one ends what the first began. */
  private void stop(
      SupervisorEngine engine, ArchiveTrainer trainer, SocketProbe probe, NodeOutput output) {
    if (terminations.incrementAndGet() > 1) {
      output.note("stops at once: every host is killed");
      engine.forceStop("operator");
      return;
    }
    output.note("stops");
    trainer.close();
    engine
        .stopAll("operator")
        .whenComplete(
            (lines, failure) -> {
              if (failure != null) {
                LOG.log(Level.ERROR, "the stop was not in order", failure);
              }
              // the supervisor's thread may not wait for an endpoint
              workers.execute(() -> close(probe, output));
            });
  }

  private void close(SocketProbe probe, NodeOutput output) {
    try {
      probe.close();
      surroundings.endpoint().drain(ENDPOINT_DRAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      output.note("stopped");
      context.close();
      surroundings.lifecycle().exit(0);
    }
  }

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
