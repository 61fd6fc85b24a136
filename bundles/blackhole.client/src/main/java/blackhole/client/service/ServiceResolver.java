package blackhole.client.service;

import blackhole.api.registry.Idempotency;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.ServiceDirectory;
import blackhole.api.registry.ServiceRecord;
import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Follows one service in the registry for one channel: the addresses of its usable instances, how
 * its methods are retried, and, for the balancer, the {@link Situation}.
 *
 * <p>Everything but the look-up of host names happens in the channel's synchronization context. The
 * registry is answered when the balancer has taken the addresses: from then on no new call goes to
 * one that is not among them.
 */
final class ServiceResolver extends NameResolver {
  static final Attributes.Key<Situation> SITUATION = Attributes.Key.create("blackhole-situation");

  /** Always there, as the situation is. */
  static final Attributes.Key<OutlierWatch> OUTLIERS = Attributes.Key.create("blackhole-outliers");

  private static final System.Logger LOG = System.getLogger(ServiceResolver.class.getName());

  private final Side side;
  private final String service;
  private final ServiceDirectory directory;
  private final @Nullable RetrySettings retries;
  private final OutlierWatch outliers;
  private final SynchronizationContext context;
  private final ServiceConfigParser parser;
  private final Executor lookups;

  // in the synchronization context
  private @Nullable Listener2 listener;
  private ServiceDirectory.@Nullable Watch watch;
  private long changes;
  private Optional<ServiceRecord> latest = Optional.empty();

  ServiceResolver(Side side, String service, ServiceDirectory directory, Args args) {
    this.side = side;
    this.service = service;
    this.directory = directory;
    retries = args.getArg(ServiceResolverProvider.RETRIES);
    OutlierWatch given = args.getArg(ServiceResolverProvider.OUTLIERS);
    outliers = given == null ? new OutlierWatch(OutlierPolicy.STANDARD, new LongAdder()) : given;
    context = args.getSynchronizationContext();
    parser = args.getServiceConfigParser();
    Executor offload = args.getOffloadExecutor();
    lookups = offload == null ? Runnable::run : offload;
  }

  @Override
  public String getServiceAuthority() {
    return "localhost";
  }

  @Override
  public void start(Listener2 listener) {
    this.listener = listener;
    watch = directory.watch(service, this::changed);
  }

  @Override
  public void shutdown() {
    listener = null;
    if (watch != null) {
      watch.close();
    }
  }

  /** A host name may have got another address; sockets don't change without the registry. */
  @Override
  public void refresh() {
    if (side == Side.REMOTE) {
      look(latest, ++changes, new CompletableFuture<>());
    }
  }

  private CompletionStage<Void> changed(Optional<ServiceRecord> service) {
    CompletableFuture<Void> taken = new CompletableFuture<>();
    context.execute(
        () -> {
          latest = service;
          look(service, ++changes, taken);
        });
    return taken;
  }

  private void look(Optional<ServiceRecord> record, long change, CompletableFuture<Void> taken) {
    Situation situation = new Situation(service, side, directory, record);
    if (side == Side.LOCAL || situation.usable().isEmpty()) {
      publish(situation, sockets(situation), change, taken);
      return;
    }
    try {
      lookups.execute(
          () -> {
            List<EquivalentAddressGroup> addresses = hosts(situation);
            context.execute(() -> publish(situation, addresses, change, taken));
          });
    } catch (RejectedExecutionException e) {
      // the process's channels are being closed
      taken.complete(null);
    }
  }

  private void publish(
      Situation situation,
      List<EquivalentAddressGroup> addresses,
      long change,
      CompletableFuture<Void> taken) {
    try {
      // a slow look-up must not undo what came after it
      if (listener != null && change == changes) {
        Status unused =
            listener.onResult2(
                ResolutionResult.newBuilder()
                    .setAddressesOrError(StatusOr.fromValue(addresses))
                    .setServiceConfig(parser.parseServiceConfig(config(situation.record())))
                    .setAttributes(
                        Attributes.newBuilder()
                            .set(SITUATION, situation)
                            .set(OUTLIERS, outliers)
                            .build())
                    .build());
      }
    } finally {
      taken.complete(null);
    }
  }

  private Map<String, ?> config(Optional<ServiceRecord> record) {
    if (record.isEmpty()) {
      return ServiceConfig.of(noRetries(), Map.<String, Idempotency>of());
    }
    RetrySettings settings = retries == null ? RetrySettings.of(record.get().policy()) : retries;
    return ServiceConfig.of(settings, record.get().methods());
  }

  private static RetrySettings noRetries() {
    return new RetrySettings(0, java.time.Duration.ZERO, java.time.Duration.ZERO, 1);
  }

  private static List<EquivalentAddressGroup> sockets(Situation situation) {
    List<EquivalentAddressGroup> addresses = new ArrayList<>();
    for (RegisteredEndpoint endpoint : situation.usable()) {
      endpoint
          .socket()
          .ifPresent(
              socket ->
                  addresses.add(new EquivalentAddressGroup(UnixDomainSocketAddress.of(socket))));
    }
    return addresses;
  }

  private static List<EquivalentAddressGroup> hosts(Situation situation) {
    List<EquivalentAddressGroup> addresses = new ArrayList<>();
    for (RegisteredEndpoint endpoint : situation.usable()) {
      String host = endpoint.host().orElseThrow();
      try {
        List<SocketAddress> found =
            Arrays.stream(InetAddress.getAllByName(host))
                .<SocketAddress>map(a -> new InetSocketAddress(a, endpoint.port().orElseThrow()))
                .toList();
        addresses.add(
            new EquivalentAddressGroup(
                found,
                Attributes.newBuilder()
                    .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, endpoint.nodeId())
                    .build()));
      } catch (UnknownHostException e) {
        LOG.log(
            Level.WARNING,
            "{0} on {1} cannot be called: its host {2} has no address",
            endpoint.service(),
            endpoint.nodeId(),
            host);
      }
    }
    return addresses;
  }
}
