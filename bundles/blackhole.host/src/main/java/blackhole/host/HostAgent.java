package blackhole.host;

import blackhole.api.host.Assignment;
import blackhole.api.host.Lifecycle;
import blackhole.api.rpc.Endpoint;
import blackhole.api.rpc.EndpointAddress;
import blackhole.control.v1.Ready;
import io.grpc.ServerServiceDefinition;
import io.grpc.SynchronizationContext;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The life of a host: STARTING until the endpoint is bound and the service is there, then READY,
 * then ENDING, once, for whatever reason. Thread-safe: all decisions are made in one serial
 * context; what may block runs on the executor and calls back.
 */
final class HostAgent implements HostedService.Listener {
  private enum Phase {
    STARTING,
    READY,
    ENDING
  }

  static final int EXIT_START_FAILED = 1;
  static final int EXIT_TERMINATED = 128 + 15;

  private static final Logger LOG = System.getLogger(HostAgent.class.getName());

  /** Between looks at an endpoint that has not heard of the service yet; it hears within these. */
  private static final Duration ENDPOINT_RECHECK = Duration.ofMillis(2);

  private final Assignment assignment;
  private final Endpoint endpoint;
  private final HostedService service;
  private final StableLink link;
  private final Lifecycle lifecycle;
  private final Executor executor;
  private final ScheduledExecutorService timer;
  private final SynchronizationContext context =
      new SynchronizationContext(
          (thread, problem) -> {
            LOG.log(Level.ERROR, "the host failed unexpectedly", problem);
            fail("the host failed unexpectedly: " + FailureText.of(problem));
          });

  /** Open when the endpoint is bound, or could not be. */
  private final CountDownLatch opened = new CountDownLatch(1);

  private volatile Announcer announcer = Announcer.NOBODY;
  private volatile boolean bound;

  // written in the context
  private volatile Phase phase = Phase.STARTING;
  private volatile @Nullable MethodTable table;

  /** In the context. */
  private String lastStep = "";

  HostAgent(
      Assignment assignment,
      Endpoint endpoint,
      HostedService service,
      Lifecycle lifecycle,
      Executor executor,
      ScheduledExecutorService timer) {
    this.assignment = assignment;
    this.endpoint = endpoint;
    this.service = service;
    this.link = new StableLink(assignment.link(), assignment.socket());
    this.lifecycle = lifecycle;
    this.executor = executor;
    this.timer = timer;
  }

  /** Starts everything side by side: the socket, the stream to the orchestrator, the bundles. */
  void start(Announcer orchestrator) {
    announcer = orchestrator;
    executor.execute(orchestrator::start);
    executor.execute(this::openEndpoint);
    executor.execute(this::startService);
  }

  private void openEndpoint() {
    try {
      endpoint.open(
          new EndpointAddress(
              assignment.service(),
              assignment.socket(),
              assignment.port(),
              assignment.tls(),
              assignment.maxMessageSizeBytes(),
              assignment.rateLimit()));
      bound = true;
      context.execute(this::becomeReady);
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.DEBUG, "the endpoint did not open", e);
      fail("cannot listen: " + e.getMessage());
    } finally {
      opened.countDown();
    }
  }

  private void startService() {
    try {
      service.start(this);
    } catch (StartException e) {
      LOG.log(Level.DEBUG, "the service did not start", e);
      fail(String.valueOf(e.getMessage()));
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.ERROR, "the service did not start", e);
      fail("the service did not start: " + FailureText.of(e));
    }
  }

  @Override
  public void progress(String step) {
    context.execute(
        () -> {
          if (phase == Phase.STARTING && !step.equals(lastStep)) {
            lastStep = step;
            LOG.log(Level.INFO, step);
            announcer.progress(step);
          }
        });
  }

  @Override
  public void satisfied(Collection<ServerServiceDefinition> definitions) {
    MethodTable methods = MethodTable.of(definitions);
    context.execute(
        () -> {
          table = methods;
          becomeReady();
        });
  }

  @Override
  public void failed(String reason) {
    fail(reason);
  }

  /** READY when both the socket and the service are there, and the endpoint serves the service. */
  private void becomeReady() {
    @Nullable MethodTable served = table;
    if (phase != Phase.STARTING || !bound || served == null) {
      return;
    }
    List<String> unserved = new ArrayList<>(served.services());
    unserved.removeAll(endpoint.services());
    if (!unserved.isEmpty()) {
      progress("waits for the endpoint to serve " + String.join(", ", unserved));
      context.schedule(this::becomeReady, ENDPOINT_RECHECK.toNanos(), TimeUnit.NANOSECONDS, timer);
      return;
    }
    endpoint.setServing(true);
    try {
      link.point();
    } catch (IOException e) {
      fail("cannot link " + link.link() + " to the socket: " + e.getMessage());
      return;
    }
    phase = Phase.READY;
    sayReady(served);
  }

  private void sayReady(MethodTable served) {
    announcer.ready(ready(served));
    LOG.log(
        Level.INFO,
        "READY {0}-{1} {2}, serves {3} on {4}",
        assignment.service(),
        Integer.toString(assignment.instance()),
        service.bundleVersion(),
        String.join(", ", served.services()),
        link.link());
  }

  /** What is served; null when this host is not ready, or not any more. */
  @Nullable MethodTable ready() {
    return phase == Phase.READY ? table : null;
  }

  /** Another version of the service's bundle serves, and what it serves is this. */
  void replaced(MethodTable served) {
    context.execute(
        () -> {
          table = served;
          if (phase == Phase.READY) {
            sayReady(served);
          }
        });
  }

  private Ready ready(MethodTable served) {
    return Ready.newBuilder()
        .setSocket(assignment.socket().toString())
        .setPort(assignment.port().orElse(0))
        .addAllServices(served.services())
        .addAllMethods(served.methods())
        .setBundleVersion(service.bundleVersion())
        .build();
  }

  /** The start cannot succeed. Does nothing once the host was ready, or is ending. */
  private void fail(String reason) {
    context.execute(
        () -> {
          if (phase == Phase.STARTING) {
            phase = Phase.ENDING;
            LOG.log(Level.ERROR, "the start failed: {0}", reason);
            announcer.startFailed(reason);
            end(Duration.ZERO, EXIT_START_FAILED);
          }
        });
  }

  /**
   * Finishes the calls in flight within the time, cleans up, and exits. The first reason counts.
   */
  void drain(String reason, Duration timeout, int exitCode) {
    context.execute(
        () -> {
          if (phase != Phase.ENDING) {
            phase = Phase.ENDING;
            LOG.log(Level.INFO, "draining: {0}", reason);
            announcer.draining(reason);
            end(timeout, exitCode);
          }
        });
  }

  /** A signal from outside: drains, or, when the host is ending already, exits at once. */
  void terminate() {
    context.execute(
        () -> {
          if (phase == Phase.ENDING) {
            LOG.log(Level.WARNING, "told to end while ending: exits at once");
            removePaths();
            lifecycle.exit(EXIT_TERMINATED);
          } else {
            drain("SIGTERM", assignment.drainTimeout(), EXIT_TERMINATED);
          }
        });
  }

  private void end(Duration drainTimeout, int exitCode) {
    executor.execute(
        new Ending(
            opened,
            this::drainEndpoint,
            service,
            this::removePaths,
            announcer,
            executor,
            drainTimeout,
            () -> lifecycle.exit(exitCode)));
  }

  private void drainEndpoint(Duration timeout) throws InterruptedException {
    if (!bound) {
      return;
    }
    int cancelled = endpoint.drain(timeout);
    if (cancelled > 0) {
      LOG.log(Level.WARNING, "cancelled {0} calls that outlasted the drain", cancelled);
    }
  }

  private void removePaths() {
    try {
      link.remove();
      if (bound) {
        Files.deleteIfExists(assignment.socket());
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot remove the socket", e);
    }
  }

  /** The framework takes this bundle down: no more calls to anybody. */
  void close() {
    announcer.close();
  }
}
