package blackhole.endpoint;

import blackhole.api.rpc.Endpoint;
import blackhole.api.rpc.EndpointAddress;
import blackhole.api.rpc.TlsMaterial;
import blackhole.endpoint.call.CallCounters;
import blackhole.endpoint.call.CallGuard;
import blackhole.endpoint.call.DaemonThreads;
import blackhole.endpoint.call.RateLimit;
import blackhole.endpoint.health.GrpcHealthService;
import blackhole.endpoint.health.HostHealth;
import blackhole.endpoint.health.StandardHealthService;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Serves a table of services on a Unix socket, and on TCP if asked to, beside health and
 * reflection. Thread-safe. It may be opened again once it has been drained.
 */
public final class GrpcEndpoint implements Endpoint, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(GrpcEndpoint.class.getName());

  /**
   * How often a client may ping. gRPC's default, five minutes and never without a call, makes
   * servers drop clients of other languages that are set to something livelier.
   */
  private static final long PERMITTED_KEEPALIVE_SECONDS = 10;

  private final ServiceTable services;
  private final CallCounters calls;
  private final Duration tlsReload;
  private final Duration maxConnectionAge;
  private final HostHealth health;
  private final GrpcHealthService grpcHealth;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(new DaemonThreads("blackhole-endpoint-timer"));
  private volatile String configuredName = "";

  // guarded by this
  private @Nullable Listeners listeners;
  private CallGuard guard;

  GrpcEndpoint(ServiceTable services, HostHealth health, CallCounters calls) {
    this(services, health, calls, TlsMaterial.RELOAD_INTERVAL, TcpListener.MAX_CONNECTION_AGE);
  }

  /**
   * @param tlsReload how often to look for new certificates
   * @param maxConnectionAge of TCP, after which clients connect anew
   */
  GrpcEndpoint(
      ServiceTable services,
      HostHealth health,
      CallCounters calls,
      Duration tlsReload,
      Duration maxConnectionAge) {
    this.tlsReload = tlsReload;
    this.maxConnectionAge = maxConnectionAge;
    this.services = services;
    this.health = health;
    this.calls = calls;
    this.guard = new CallGuard(services.openCalls());
    grpcHealth =
        new GrpcHealthService(
            this::isKnown, health::check, timer, GrpcHealthService.REFRESH_INTERVAL);
    services.onChange(grpcHealth::namesChanged);
  }

  @Override
  public synchronized void open(EndpointAddress address) throws IOException {
    if (listeners != null) {
      throw new IllegalStateException("the endpoint is open already");
    }
    grpcHealth.setServing(false);
    configuredName = address.service();
    CallGuard fresh = new CallGuard(services.openCalls());
    Optional<RateLimit> rateLimit = rateLimit(address);
    listeners =
        Listeners.open(
            address,
            builder -> {
              // those added last come first
              rateLimit.ifPresent(builder::intercept);
              builder.intercept(fresh);
              furnish(builder, address);
            },
            timer,
            tlsReload,
            maxConnectionAge);
    guard = fresh;
    LOG.log(Level.INFO, "{0} listens at {1}", address.service(), address.socket());
  }

  /** One for all servers: it is a process's calls that are limited, however they come in. */
  private Optional<RateLimit> rateLimit(EndpointAddress address) {
    return address.rateLimit().isPresent()
        ? Optional.of(new RateLimit(address.rateLimit().getAsInt(), calls::addRateLimited))
        : Optional.empty();
  }

  /** What every server has, wherever it listens. */
  private void furnish(NettyServerBuilder builder, EndpointAddress address) {
    builder
        .maxInboundMessageSize(address.maxMessageSizeBytes())
        .maxInboundMetadataSize(CallGuard.MAX_HEADER_LIST_BYTES)
        .permitKeepAliveTime(PERMITTED_KEEPALIVE_SECONDS, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .addStreamTracerFactory(calls)
        .addService(grpcHealth)
        .addService(new StandardHealthService(this::isKnown, health))
        .addService(ProtoReflectionServiceV1.newInstance())
        .addService(ProtoReflectionService.newInstance())
        .fallbackHandlerRegistry(services);
  }

  private boolean isKnown(String service) {
    return service.isEmpty() || service.equals(configuredName) || services.contains(service);
  }

  @Override
  public Set<String> services() {
    return services.names();
  }

  @Override
  public void setServing(boolean serving) {
    grpcHealth.setServing(serving);
  }

  @Override
  public synchronized int drain(Duration timeout) throws InterruptedException {
    Listeners open = listeners;
    if (open == null) {
      return 0;
    }
    grpcHealth.setServing(false);
    grpcHealth.endWatches();
    try {
      return new Drain(open, calls, guard).run(timeout);
    } finally {
      open.close();
      listeners = null;
    }
  }

  /** The TCP port that is bound, or -1. */
  synchronized int port() {
    return listeners == null ? -1 : listeners.port();
  }

  /** Cancels what is in flight, and releases everything. */
  @Override
  public void close() {
    try {
      int unused = drain(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      var unused = timer.shutdownNow();
    }
  }
}
