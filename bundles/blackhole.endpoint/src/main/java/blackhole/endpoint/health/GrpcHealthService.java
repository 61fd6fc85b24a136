package blackhole.endpoint.health;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import blackhole.api.service.HealthResult;
import blackhole.api.service.HealthStatus;
import blackhole.endpoint.call.Stopping;
import io.grpc.SynchronizationContext;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code grpc.health.v1.Health}. A name is SERVING when the process says that it serves and no
 * check finds it unhealthy. grpc-java's own implementation is not used: it keeps a fixed table,
 * where here names come and go with bundles and checks are asked at the time of the call.
 *
 * <p>Checks run at each Check, and every few seconds while somebody watches. Thread-safe; watchers
 * live in a serial context of their own.
 */
public final class GrpcHealthService extends HealthGrpc.HealthImplBase {
  private static final System.Logger LOG = System.getLogger(GrpcHealthService.class.getName());

  /** How often checks are asked while somebody watches. */
  public static final Duration REFRESH_INTERVAL = Duration.ofSeconds(2);

  private final Predicate<String> known;
  private final Supplier<HealthResult> checks;
  private final ScheduledExecutorService timer;
  private final Duration refreshInterval;
  private final SynchronizationContext context =
      new SynchronizationContext(
          (thread, e) -> LOG.log(Level.ERROR, "health cannot be told to its watchers", e));

  private final Set<Watcher> watchers = new LinkedHashSet<>(); // in the context
  private @Nullable ScheduledFuture<?> refresh; // in the context
  private volatile boolean serving;
  private volatile boolean healthy = true;

  /**
   * @param known the names that have a health: empty, the configured one, the gRPC services'
   * @param timer runs the checks for watchers, and may wait for them
   */
  public GrpcHealthService(
      Predicate<String> known,
      Supplier<HealthResult> checks,
      ScheduledExecutorService timer,
      Duration refreshInterval) {
    this.known = known;
    this.checks = checks;
    this.timer = timer;
    this.refreshInterval = refreshInterval;
  }

  /** Until this is called with true, every name is NOT_SERVING. */
  public void setServing(boolean serving) {
    this.serving = serving;
    namesChanged();
  }

  /** To be called when a name came or went. */
  public void namesChanged() {
    context.execute(this::tellWatchers);
  }

  /** Ends all watches, once their last status is sent: the process is about to go. */
  public void endWatches() {
    context.execute(
        () -> {
          watchers.forEach(watcher -> watcher.observer.onError(Stopping.STATUS.asException()));
          watchers.clear();
          adjustRefresh();
        });
  }

  @Override
  public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
    String service = request.getService();
    if (!known.test(service)) {
      observer.onError(StandardHealthService.unknown(service).asRuntimeException());
      return;
    }
    runChecks();
    observer.onNext(response(status(service)));
    observer.onCompleted();
  }

  @Override
  public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
    Watcher watcher =
        new Watcher(request.getService(), (ServerCallStreamObserver<HealthCheckResponse>) observer);
    watcher.observer.setOnReadyHandler(() -> context.execute(watcher::tell));
    watcher.observer.setOnCancelHandler(() -> context.execute(() -> remove(watcher)));
    runChecks();
    context.execute(() -> add(watcher));
  }

  /** Nobody is asked while the answer is NOT_SERVING anyway. */
  private void runChecks() {
    if (serving) {
      boolean before = healthy;
      healthy = checks.get().status() != HealthStatus.UNHEALTHY;
      if (healthy != before) {
        context.execute(this::tellWatchers);
      }
    }
  }

  private ServingStatus status(String service) {
    if (!known.test(service)) {
      return ServingStatus.SERVICE_UNKNOWN;
    }
    return serving && healthy ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
  }

  private static HealthCheckResponse response(ServingStatus status) {
    return HealthCheckResponse.newBuilder().setStatus(status).build();
  }

  private void add(Watcher watcher) {
    if (!watcher.observer.isCancelled()) {
      watchers.add(watcher);
      watcher.tell();
      adjustRefresh();
    }
  }

  private void remove(Watcher watcher) {
    watchers.remove(watcher);
    adjustRefresh();
  }

  private void tellWatchers() {
    watchers.forEach(Watcher::tell);
  }

  private void adjustRefresh() {
    if (watchers.isEmpty() && refresh != null) {
      refresh.cancel(false);
      refresh = null;
    } else if (!watchers.isEmpty() && refresh == null) {
      long millis = refreshInterval.toMillis();
      refresh = timer.scheduleWithFixedDelay(this::runChecks, millis, millis, MILLISECONDS);
    }
  }

  /**
   * One Watch call. A client that doesn't read gets the newest status when it does, and nothing is
   * queued for it.
   */
  private final class Watcher {
    private final String service;
    private final ServerCallStreamObserver<HealthCheckResponse> observer;
    private @Nullable ServingStatus told;

    Watcher(String service, ServerCallStreamObserver<HealthCheckResponse> observer) {
      this.service = service;
      this.observer = observer;
    }

    void tell() {
      ServingStatus now = status(service);
      if (now != told && observer.isReady()) {
        told = now;
        observer.onNext(response(now));
      }
    }
  }
}
