package blackhole.host;

import blackhole.api.host.Assignment;
import blackhole.api.host.Lifecycle;
import blackhole.api.metrics.LocalMetrics;
import blackhole.api.metrics.Metric;
import blackhole.api.observe.TraceContext;
import blackhole.api.observe.Tracer;
import blackhole.api.registry.DirectoryCopy;
import blackhole.api.registry.ServiceDirectory;
import blackhole.api.rpc.CallStatistics;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.Channels;
import blackhole.api.rpc.Endpoint;
import blackhole.api.rpc.HandlerSwitch;
import blackhole.api.rpc.HostCallers;
import blackhole.api.rpc.ServiceCalls;
import blackhole.api.rpc.SocketChannels;
import blackhole.api.service.HealthCheck;
import blackhole.api.service.HostInfo;
import blackhole.api.shell.LineResult;
import blackhole.control.v1.Hello;
import blackhole.control.v1.HostMessage;
import blackhole.control.v1.RegistryUpdate;
import blackhole.control.v1.Sample;
import blackhole.control.v1.Update;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Takes over when the boot code has the platform's bundles running: puts the parts of a host
 * together, and lets them go.
 *
 * <p>The framework's property {@code blackhole.train} makes it rehearse for a class-data archive.
 */
@Component(
    service = {},
    immediate = true)
public final class HostComponent {
  private static final Duration SHELL_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LOOK_AT_FILES = Duration.ofSeconds(1);
  private static final Duration FIRST_RETRY = Duration.ofMillis(50);
  private static final Duration MAX_RETRY = Duration.ofSeconds(1);

  private final ExecutorService executor =
      Executors.newCachedThreadPool(DaemonThreads.named("host-work"));
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, DaemonThreads.named("host-timer"));
  private final List<ServiceRegistration<?>> registrations;
  private final AssignedCaller caller;
  private final RegistryCopy registry;
  private final SpanOutbox spans;
  private final Tracer tracer;
  private final LazyShell shell;
  private final CommandRunner commands;
  private final HostAgent agent;
  private final HostUpdates updates;

  /** Whoever makes this host's calls counts them, if there is somebody. */
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  private volatile @Nullable CallStatistics statistics;

  /** Collects what this process counts, if there is somebody. */
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  private volatile @Nullable LocalMetrics metrics;

  /**
   * @param info only so that it is registered before a service asks for it
   * @param instead who is told of this host in the orchestrator's place, if there is somebody
   */
  @Activate
  public HostComponent(
      BundleContext context,
      @Reference Assignment assignment,
      @Reference Lifecycle lifecycle,
      @Reference Endpoint endpoint,
      @Reference HandlerSwitch handlers,
      @Reference SocketChannels channels,
      @Reference OrchestratorChannels orchestrator,
      @Reference ConfigurationAdmin configurations,
      @Reference ServiceComponentRuntime runtime,
      @Reference HostInfo info,
      @Reference(cardinality = ReferenceCardinality.OPTIONAL) @Nullable Announcer instead) {
    timer.setRemoveOnCancelPolicy(true);
    caller = new AssignedCaller(assignment);
    KnownCallers callers =
        assignment.controlSocket().isPresent() && instead == null && !isRehearsal()
            ? KnownCallers.told(this::later, executor)
            : KnownCallers.untold();
    DirectoryCopy directory = new DirectoryCopy(this::later);
    registry = new RegistryCopy(directory, callers);
    OpenFiles files = new OpenFiles(new ProcFiles(), lifecycle::halt);
    spans = new SpanOutbox(timer);
    tracer = new Tracer(spans);
    // before the service's bundle starts: its calls, and those to it, stand on these
    registrations =
        List.of(
            context.registerService(ServiceDirectory.class, directory, null),
            context.registerService(CallerIdentity.class, caller, null),
            context.registerService(HostCallers.class, callers, null),
            context.registerService(HealthCheck.class, files, null),
            context.registerService(Tracer.class, tracer, null),
            Diagnostics.register(context, assignment.home().resolve("log")));
    shell = new LazyShell(context, SHELL_TIMEOUT);
    commands = new CommandRunner(shell::get, assignment.home());
    ServiceBundles service =
        new ServiceBundles(context, assignment, configurations, runtime, executor, timer);
    agent = new HostAgent(assignment, endpoint, service, lifecycle, executor, timer);
    updates = new HostUpdates(agent, new BundleSwap(service, handlers), tracer, executor);
    assignment
        .output()
        .ifPresent(file -> new OutputGuard(file, OutputGuard.MAX_BYTES).start(timer, executor));
    watch(files);
    lifecycle.traceBy(TraceContext::currentTraceId);
    lifecycle.onTerminate(agent::terminate);
    // made in any case, as a trial is to have done what a start does
    Announcer own = announcer(context, assignment, channels, orchestrator, service);
    agent.start(instead != null ? instead : own);
  }

  private Announcer announcer(
      BundleContext context,
      Assignment assignment,
      SocketChannels channels,
      OrchestratorChannels orchestrator,
      ServiceBundles service) {
    return isRehearsal()
        ? new Rehearsal(
            assignment,
            channels,
            registry,
            timeout -> clientPath(context, timeout),
            executor,
            code -> agent.drain("the rehearsal is over", Duration.ZERO, code))
        : assignment
            .controlSocket()
            .<Announcer>map(socket -> client(socket, assignment, orchestrator, service))
            .orElse(Announcer.NOBODY);
  }

  private static boolean isRehearsal() {
    return Boolean.getBoolean("blackhole.train");
  }

  private void watch(OpenFiles files) {
    long millis = LOOK_AT_FILES.toMillis();
    Future<?> unused =
        timer.scheduleWithFixedDelay(
            () -> executor.execute(files::look), millis, millis, TimeUnit.MILLISECONDS);
  }

  private ControlClient client(
      Path socket, Assignment assignment, OrchestratorChannels channels, ServiceBundles service) {
    ControlClient client =
        new ControlClient(
            () -> channels.open(socket),
            () ->
                hello(assignment)
                    .setBundleVersion(service.bundleVersion())
                    .setRegistryEpoch(registry.epoch())
                    .setRegistryRevision(registry.revision())
                    .build(),
            new Orders(assignment.drainTimeout()),
            new Backoff(FIRST_RETRY, MAX_RETRY, Math::random),
            assignment.orphanTimeout(),
            timer);
    spans.sendBy(client::spans);
    return client;
  }

  /** Not a reference: it stands on what this component registers. */
  private static Channels clientPath(BundleContext context, Duration timeout)
      throws InterruptedException, TimeoutException {
    ServiceTracker<Channels, Channels> tracker =
        new ServiceTracker<>(context, Channels.class, null);
    tracker.open();
    Channels found = tracker.waitForService(timeout.toMillis());
    if (found == null) {
      throw new TimeoutException("no channels in this host");
    }
    return found;
  }

  private Runnable later(Duration delay, Runnable task) {
    Future<?> scheduled = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  private static Hello.Builder hello(Assignment assignment) {
    return Hello.newBuilder()
        .setHostId(assignment.hostId())
        .setToken(Objects.requireNonNullElse(System.getenv("BLACKHOLE_TOKEN"), ""))
        .setPid(ProcessHandle.current().pid())
        .setService(assignment.service())
        .setInstance(assignment.instance())
        .setJavaVersion(Runtime.version().toString())
        .setArchive(ArchiveUse.describe());
  }

  @Deactivate
  public void deactivate() {
    agent.close();
    registrations.forEach(ServiceRegistration::unregister);
    commands.close();
    shell.close();
    timer.shutdownNow();
    // not interrupted: one of its threads may be the one that ends this host, on its last steps
    executor.shutdown();
  }

  /** Made with the first sample: a start has no time for it. */
  private static final class JvmMeterHolder {
    static final JvmMeter METER = new JvmMeter();
  }

  /** What the orchestrator orders, passed on to those who do it. */
  private final class Orders implements ControlClient.Handler {
    private final Duration drainTimeout;

    Orders(Duration drainTimeout) {
      this.drainTimeout = drainTimeout;
    }

    @Override
    public void drain(Duration timeout) {
      agent.drain("the orchestrator asked for it", timeout, 0);
    }

    @Override
    public void command(String line, Consumer<LineResult> answer) {
      commands.run(line, answer);
    }

    @Override
    public void welcomed(String callToken) {
      caller.welcomed(callToken);
    }

    @Override
    public CompletionStage<Void> registry(RegistryUpdate update) {
      return registry.apply(update);
    }

    @Override
    public List<ServiceCalls> calls() {
      @Nullable CallStatistics present = statistics;
      return present == null ? List.of() : present.calls();
    }

    @Override
    public void sample(Consumer<Sample> answer) {
      executor.execute(() -> answer.accept(JvmMeterHolder.METER.sample()));
    }

    @Override
    public void metrics(Consumer<List<Metric>> answer) {
      @Nullable LocalMetrics present = metrics;
      executor.execute(() -> answer.accept(present == null ? List.of() : present.collect()));
    }

    @Override
    public void traced(OptionalDouble sampling) {
      sampling.ifPresentOrElse(tracer::record, tracer::stop);
    }

    @Override
    public void collectGarbage() {
      executor.execute(GarbageCollection::run);
    }

    @Override
    public void update(Update update, Consumer<HostMessage> tell) {
      updates.update(update, tell);
    }

    @Override
    public void orphaned(Duration timeout) {
      agent.drain("no orchestrator for " + timeout.toSeconds() + " s", drainTimeout, 0);
    }

    @Override
    public void refused(String reason) {
      agent.drain("the orchestrator refused this host: " + reason, drainTimeout, 1);
    }
  }
}
