package blackhole.host;

import blackhole.api.host.Lifecycle;
import blackhole.api.host.Vacancy;
import blackhole.api.rpc.Endpoint;
import blackhole.api.rpc.SocketChannels;
import blackhole.control.v1.Hello;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** {@link SpareHost} in a host that was started without a service. */
@Component(
    service = {},
    immediate = true)
public final class SpareComponent {
  private static final Duration FIRST_RETRY = Duration.ofMillis(50);
  private static final Duration MAX_RETRY = Duration.ofSeconds(1);

  private final ExecutorService executor =
      Executors.newCachedThreadPool(DaemonThreads.named("spare-work"));
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, DaemonThreads.named("spare-timer"));
  private final SpareHost spare;

  @Activate
  public SpareComponent(
      BundleContext context,
      @Reference Vacancy vacancy,
      @Reference Lifecycle lifecycle,
      @Reference Endpoint endpoint,
      @Reference SocketChannels channels,
      @Reference OrchestratorChannels orchestrator,
      @Reference ConfigurationAdmin configurations) {
    timer.setRemoveOnCancelPolicy(true);
    spare =
        new SpareHost(
            vacancy,
            new WarmUp(context, vacancy, lifecycle, endpoint, channels, configurations)::run,
            () -> orchestrator.open(vacancy.home().controlSocket()),
            () -> hello(vacancy.hostId()),
            orchestrator::keep,
            new Backoff(FIRST_RETRY, MAX_RETRY, Math::random),
            executor,
            timer,
            lifecycle::exit);
    spare.start();
  }

  private static Hello hello(String hostId) {
    return Hello.newBuilder()
        .setHostId(hostId)
        .setToken(Objects.requireNonNullElse(System.getenv("BLACKHOLE_TOKEN"), ""))
        .setPid(ProcessHandle.current().pid())
        .setJavaVersion(Runtime.version().toString())
        .setArchive(ArchiveUse.describe())
        .build();
  }

  @Deactivate
  public void deactivate() {
    spare.close();
    timer.shutdownNow();
    executor.shutdown();
  }
}
