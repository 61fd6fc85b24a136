package blackhole.client.service;

import blackhole.api.metrics.CallMeter;
import blackhole.api.metrics.Metric;
import blackhole.api.observe.Tracer;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.ServiceDirectory;
import blackhole.api.rpc.CallStatistics;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.Channels;
import blackhole.api.rpc.ServiceCalls;
import io.grpc.Channel;
import io.grpc.LoadBalancerRegistry;
import io.grpc.NameResolverRegistry;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Channels to services by name, each made when first asked for. Thread-safe. */
public final class ServiceClients implements Channels, CallStatistics, AutoCloseable {
  private final ServiceDirectory directory;
  private final CallerIdentity identity;
  private final Transports transports;
  private final OutlierPolicy outliers;
  private final LongSupplier nanoTime;
  private final Supplier<@Nullable Tracer> tracer;
  private final List<ServiceResolverProvider> resolvers;
  private final ServiceBalancerProvider balancer = new ServiceBalancerProvider();
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private record Entry(ServiceClient client, Channel channel) {}

  public ServiceClients(
      ServiceDirectory directory, CallerIdentity identity, Transports transports) {
    this(directory, identity, transports, () -> null);
  }

  /**
   * @param tracer records calls; asked for each of them, and null as long as nobody does
   */
  public ServiceClients(
      ServiceDirectory directory,
      CallerIdentity identity,
      Transports transports,
      Supplier<@Nullable Tracer> tracer) {
    this(directory, identity, transports, OutlierPolicy.STANDARD, System::nanoTime, tracer);
  }

  ServiceClients(
      ServiceDirectory directory,
      CallerIdentity identity,
      Transports transports,
      OutlierPolicy outliers,
      LongSupplier nanoTime) {
    this(directory, identity, transports, outliers, nanoTime, () -> null);
  }

  ServiceClients(
      ServiceDirectory directory,
      CallerIdentity identity,
      Transports transports,
      OutlierPolicy outliers,
      LongSupplier nanoTime,
      Supplier<@Nullable Tracer> tracer) {
    this.tracer = tracer;
    this.directory = directory;
    this.identity = identity;
    this.transports = transports;
    this.outliers = outliers;
    this.nanoTime = nanoTime;
    resolvers =
        List.of(
            new ServiceResolverProvider(Side.LOCAL, directory),
            new ServiceResolverProvider(Side.REMOTE, directory));
    // by hand: gRPC's own search for providers sees its own bundle only
    resolvers.forEach(NameResolverRegistry.getDefaultRegistry()::register);
    LoadBalancerRegistry.getDefaultRegistry().register(balancer);
  }

  @Override
  public Channel to(String service) {
    return entry(service).channel();
  }

  @Override
  public Channel to(String service, UnaryOperator<CallPolicy> override) {
    return new ServiceChannel(entry(service).client(), override);
  }

  private Entry entry(String service) {
    Entry entry = entries.get(service);
    if (entry == null) {
      entry = entries.computeIfAbsent(service, this::open);
      if (closed) {
        entry.client().close();
      }
    }
    return entry;
  }

  private Entry open(String service) {
    ServiceClient client =
        new ServiceClient(service, directory, identity, transports, outliers, nanoTime, tracer);
    return new Entry(client, new ServiceChannel(client, null));
  }

  @Override
  public List<ServiceCalls> calls() {
    return entries.values().stream()
        .map(entry -> entry.client().snapshot())
        .sorted(Comparator.comparing(ServiceCalls::service))
        .toList();
  }

  /** The same, and how long calls took. */
  public List<Metric> metrics() {
    Map<String, CallMeter> meters = new TreeMap<>();
    entries.forEach((service, entry) -> meters.put(service, entry.client().counters().meter));
    return ClientMetrics.of(calls(), meters);
  }

  /** Cancels what is in flight, and closes all connections. */
  @Override
  public void close() {
    closed = true;
    entries.values().forEach(entry -> entry.client().close());
    resolvers.forEach(NameResolverRegistry.getDefaultRegistry()::deregister);
    LoadBalancerRegistry.getDefaultRegistry().deregister(balancer);
  }
}
