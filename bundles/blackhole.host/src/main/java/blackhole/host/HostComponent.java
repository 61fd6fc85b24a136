package blackhole.host;

import blackhole.api.host.Assignment;
import blackhole.api.host.Lifecycle;
import blackhole.api.rpc.Endpoint;
import blackhole.api.rpc.SocketChannels;
import blackhole.api.service.HostInfo;
import blackhole.api.shell.LineResult;
import blackhole.control.v1.Hello;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

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
  private static final Duration FIRST_RETRY = Duration.ofMillis(50);
  private static final Duration MAX_RETRY = Duration.ofSeconds(1);

  private final ExecutorService executor =
      Executors.newCachedThreadPool(DaemonThreads.named("host-work"));
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, DaemonThreads.named("host-timer"));
  private final LazyShell shell;
  private final CommandRunner commands;
  private final HostAgent agent;

  /**
   * @param info only so that it is registered before a service asks for it
   */
  @Activate
  public HostComponent(
      BundleContext context,
      @Reference Assignment assignment,
      @Reference Lifecycle lifecycle,
      @Reference Endpoint endpoint,
      @Reference SocketChannels channels,
      @Reference ConfigurationAdmin configurations,
      @Reference ServiceComponentRuntime runtime,
      @Reference HostInfo info) {
    timer.setRemoveOnCancelPolicy(true);
    shell = new LazyShell(context, SHELL_TIMEOUT);
    commands = new CommandRunner(shell::get, assignment.home());
    ServiceBundles service =
        new ServiceBundles(context, assignment, configurations, runtime, executor, timer);
    agent = new HostAgent(assignment, endpoint, service, lifecycle, executor, timer);
    assignment
        .output()
        .ifPresent(file -> new OutputGuard(file, OutputGuard.MAX_BYTES).start(timer, executor));
    if (Boolean.getBoolean("blackhole.train")) {
      executor.execute(new Rehearsal(assignment, endpoint, channels, lifecycle));
      return;
    }
    lifecycle.onTerminate(agent::terminate);
    agent.start(
        assignment
            .controlSocket()
            .<Announcer>map(socket -> client(socket, assignment, channels, service))
            .orElse(Announcer.NOBODY));
  }

  private ControlClient client(
      Path socket, Assignment assignment, SocketChannels channels, ServiceBundles service) {
    return new ControlClient(
        () -> channels.open(socket),
        () -> hello(assignment).setBundleVersion(service.bundleVersion()).build(),
        new Orders(assignment.drainTimeout()),
        new Backoff(FIRST_RETRY, MAX_RETRY, Math::random),
        assignment.orphanTimeout(),
        timer);
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
    commands.close();
    shell.close();
    timer.shutdownNow();
    // not interrupted: one of its threads may be the one that ends this host, on its last steps
    executor.shutdown();
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
    public void orphaned(Duration timeout) {
      agent.drain("no orchestrator for " + timeout.toSeconds() + " s", drainTimeout, 0);
    }

    @Override
    public void refused(String reason) {
      agent.drain("the orchestrator refused this host: " + reason, drainTimeout, 1);
    }
  }
}
