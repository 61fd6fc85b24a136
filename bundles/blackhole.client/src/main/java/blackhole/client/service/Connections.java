package blackhole.client.service;

import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.ServiceDirectory;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC channels of one service with one setting of retries: one to this node's instances, one
 * to other nodes', each made when first needed. Thread-safe.
 */
final class Connections implements AutoCloseable {
  private static final long IDLE_TIMEOUT_MINUTES = 5;

  private final String service;
  private final @Nullable RetrySettings retries;
  private final ServiceDirectory directory;
  private final Transports transports;
  private final Function<String, Optional<Path>> authorities;
  private final OutlierWatch outliers;
  private volatile @Nullable Way local;
  private volatile @Nullable Way remote;
  private boolean closed; // guarded by this

  /**
   * A channel, and the largest message that it takes when nothing else is said: most calls say
   * nothing, as options cost a copy each.
   */
  record Way(ManagedChannel channel, int maxMessageSizeBytes) {
    <Q, R> ClientCall<Q, R> newCall(
        MethodDescriptor<Q, R> method, CallOptions options, CallPolicy policy) {
      int most = policy.maxMessageSizeBytes();
      return channel.newCall(
          method,
          most == maxMessageSizeBytes || options.getMaxInboundMessageSize() != null
              ? options
              : options.withMaxInboundMessageSize(most));
    }
  }

  /**
   * @param retries null to follow the service's policy
   */
  Connections(
      String service,
      @Nullable RetrySettings retries,
      ServiceDirectory directory,
      Transports transports,
      Function<String, Optional<Path>> authorities,
      OutlierWatch outliers) {
    this.service = service;
    this.retries = retries;
    this.directory = directory;
    this.transports = transports;
    this.authorities = authorities;
    this.outliers = outliers;
  }

  Way local(CallPolicy policy) {
    Way open = local;
    return open == null ? openLocal(policy.maxMessageSizeBytes()) : open;
  }

  private synchronized Way openLocal(int maxMessageSizeBytes) {
    Way open = local;
    if (open == null) {
      String target = ServiceResolverProvider.target(Side.LOCAL, service);
      ManagedChannel channel = transports.local(target, maxMessageSizeBytes, this::furnish);
      keep(channel);
      open = new Way(channel, maxMessageSizeBytes);
      local = open;
    }
    return open;
  }

  /** Null while this process has no certificate to show to other nodes. */
  @Nullable Way remote(CallPolicy policy) {
    Way open = remote;
    return open == null ? openRemote(policy.maxMessageSizeBytes()) : open;
  }

  private synchronized @Nullable Way openRemote(int maxMessageSizeBytes) {
    if (remote == null) {
      String target = ServiceResolverProvider.target(Side.REMOTE, service);
      Optional<ManagedChannel> open =
          transports.remote(target, authorities, maxMessageSizeBytes, this::furnish);
      open.ifPresent(this::keep);
      remote = open.map(channel -> new Way(channel, maxMessageSizeBytes)).orElse(null);
    }
    return remote;
  }

  private void furnish(ManagedChannelBuilder<?> builder) {
    builder
        .setNameResolverArg(ServiceResolverProvider.DIRECTORY, directory)
        .setNameResolverArg(ServiceResolverProvider.OUTLIERS, outliers)
        // gRPC's own cap is five attempts; the policy's is the one that counts
        .maxRetryAttempts(Integer.MAX_VALUE)
        .idleTimeout(IDLE_TIMEOUT_MINUTES, TimeUnit.MINUTES);
    if (retries != null) {
      builder.setNameResolverArg(ServiceResolverProvider.RETRIES, retries);
    }
  }

  private void keep(ManagedChannel channel) {
    if (closed) {
      // made too late: it refuses every call
      channel.shutdownNow();
    }
  }

  /** Tries at once to connect where that has failed: the registry knows something new. */
  void resetBackoff() {
    Way here = local;
    Way there = remote;
    if (here != null) {
      here.channel().resetConnectBackoff();
    }
    if (there != null) {
      there.channel().resetConnectBackoff();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (local != null) {
      local.channel().shutdownNow();
    }
    if (remote != null) {
      remote.channel().shutdownNow();
    }
  }
}
