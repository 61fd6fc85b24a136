package blackhole.client.service;

import blackhole.api.observe.Tracer;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.RemoteFallback;
import blackhole.api.registry.ServiceDirectory;
import blackhole.api.registry.ServiceRecord;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.ServiceCalls;
import blackhole.client.breaker.Breaker;
import blackhole.client.breaker.BreakerSettings;
import io.grpc.MethodDescriptor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the channels to one service share: what the registry says of it, connections,
 * circuit breaker and counters. Thread-safe; a call reads volatile fields, and takes no lock.
 */
final class ServiceClient implements AutoCloseable {
  private final String service;
  private final CallToken callToken;
  private final Transports transports;
  private final LongSupplier nanoTime;
  private final Supplier<@Nullable Tracer> tracer;
  private final Function<RetrySettings, Connections> connector;
  private final CallCounters counters = new CallCounters();
  private final Connections standard;
  private final Map<RetrySettings, Connections> others = new ConcurrentHashMap<>();

  /** Whom each node's certificate must be signed by, where the registry says. */
  private volatile Map<String, Path> authorities = Map.of();

  private volatile ServiceView view = ServiceView.of(Optional.empty());
  private volatile Breaker breaker;
  private volatile @Nullable Homecoming homecoming;

  /** Whether calls have gone to another node since there was an instance on this one. */
  private volatile boolean away;

  private volatile boolean closed;
  private final ServiceDirectory.Watch watch;

  ServiceClient(
      String service,
      ServiceDirectory directory,
      CallerIdentity identity,
      Transports transports,
      OutlierPolicy outliers,
      LongSupplier nanoTime,
      Supplier<@Nullable Tracer> tracer) {
    this.tracer = tracer;
    this.service = service;
    this.callToken = new CallToken(identity);
    this.transports = transports;
    this.nanoTime = nanoTime;
    Function<String, Optional<Path>> authority = node -> Optional.ofNullable(authorityOf(node));
    OutlierWatch watched = new OutlierWatch(outliers, counters.ejected);
    connector =
        retries -> new Connections(service, retries, directory, transports, authority, watched);
    standard = new Connections(service, null, directory, transports, authority, watched);
    breaker = new Breaker(service, BreakerSettings.of(view.policy()), nanoTime);
    watch = directory.watch(service, this::changed);
  }

  private @Nullable Path authorityOf(String nodeId) {
    return authorities.get(nodeId);
  }

  private CompletionStage<Void> changed(Optional<ServiceRecord> record) {
    ServiceView before = view;
    ServiceView after = ServiceView.of(record);
    record.ifPresent(this::learnAuthorities);
    BreakerSettings settings = BreakerSettings.of(after.policy());
    if (!settings.equals(breaker.settings())) {
      breaker = new Breaker(service, settings, nanoTime);
    }
    if (after.localUsable() && !before.localUsable() && away) {
      away = false;
      homecoming = new Homecoming(nanoTime);
    }
    view = after;
    if (isBack(before, after)) {
      // what opened the circuit may have been that there was nobody
      breaker.tryNow();
    }
    standard.resetBackoff();
    others.values().forEach(Connections::resetBackoff);
    return CompletableFuture.completedFuture(null);
  }

  private static boolean isBack(ServiceView before, ServiceView after) {
    return (after.localUsable() && !before.localUsable())
        || (after.remoteUsable() && !before.remoteUsable());
  }

  private void learnAuthorities(ServiceRecord record) {
    Map<String, Path> learned = new ConcurrentHashMap<>();
    for (RegisteredEndpoint endpoint : record.endpoints()) {
      endpoint.certificateAuthority().ifPresent(path -> learned.put(endpoint.nodeId(), path));
    }
    authorities = learned;
  }

  String service() {
    return service;
  }

  ServiceView view() {
    return view;
  }

  Breaker breaker() {
    return breaker;
  }

  CallCounters counters() {
    return counters;
  }

  /** What this process proves by who it is. */
  CallToken callToken() {
    return callToken;
  }

  Executor executor() {
    return transports.executor();
  }

  /** Whoever records calls; null when nobody does. */
  @Nullable Tracer tracer() {
    return tracer.get();
  }

  LongSupplier nanoTime() {
    return nanoTime;
  }

  /** The terms of a channel that overrides nothing. */
  Terms terms(ServiceView current) {
    return new Terms(current, current.policy(), standard);
  }

  /** The terms of a channel that overrides the policy, where gRPC can't be told for each call. */
  Terms terms(ServiceView current, UnaryOperator<CallPolicy> override) {
    CallPolicy policy = override.apply(current.policy());
    RetrySettings retries = RetrySettings.of(policy);
    Connections connections =
        retries.equals(RetrySettings.of(current.policy()))
            ? standard
            : others.computeIfAbsent(retries, connector);
    if (closed) {
      connections.close();
    }
    return new Terms(current, policy, connections);
  }

  /**
   * Where a call goes; {@link Connections#local()} also where it is held or fails.
   *
   * @return null for this node
   */
  Connections.@Nullable Way elsewhere(Terms terms, MethodDescriptor<?, ?> method) {
    ServiceView current = terms.view();
    // where only reads go to other nodes, each has data of its own, and home's are here again
    boolean gradually = terms.policy().remoteFallback() == RemoteFallback.ALWAYS;
    Homecoming coming = gradually ? homecoming : null;
    if (current.localUsable() && coming == null) {
      return null;
    }
    if (!current.remoteUsable() || !current.allowsRemote(terms.policy(), method)) {
      return null;
    }
    if (current.localUsable() && coming != null) {
      if (coming.isOver()) {
        homecoming = null;
        return null;
      }
      if (coming.goesHome()) {
        return null;
      }
    }
    Connections.Way remote = terms.connections().remote(terms.policy());
    if (remote != null && !away && !current.localUsable()) {
      away = true;
    }
    return remote;
  }

  ServiceCalls snapshot() {
    Breaker circuit = breaker;
    return new ServiceCalls(
        service,
        circuit.state(),
        circuit.failures(),
        circuit.since(),
        counters.meter.calls(),
        counters.failed.sum(),
        counters.retries.sum(),
        counters.held.sum(),
        counters.refusedByBreaker.sum(),
        counters.refusedByLimit.sum(),
        counters.deadlineExceeded.sum(),
        counters.remote.sum(),
        counters.ejected.sum(),
        counters.inFlight());
  }

  @Override
  public void close() {
    closed = true;
    watch.close();
    standard.close();
    others.values().forEach(Connections::close);
  }
}
