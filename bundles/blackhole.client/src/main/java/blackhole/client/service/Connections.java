package blackhole.client.service;

import blackhole.api.registry.ServiceDirectory;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
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
  private volatile @Nullable ManagedChannel local;
  private volatile @Nullable ManagedChannel remote;
  private boolean closed; // guarded by this

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

  Channel local() {
    ManagedChannel open = local;
    return open == null ? openLocal() : open;
  }

  private synchronized Channel openLocal() {
    ManagedChannel open = local;
    if (open == null) {
      open = transports.local(ServiceResolverProvider.target(Side.LOCAL, service), this::furnish);
      keep(open);
      local = open;
    }
    return open;
  }

  /** Null while this process has no certificate to show to other nodes. */
  @Nullable Channel remote() {
    ManagedChannel open = remote;
    return open == null ? openRemote() : open;
  }

  private synchronized @Nullable Channel openRemote() {
    if (remote == null) {
      String target = ServiceResolverProvider.target(Side.REMOTE, service);
      Optional<ManagedChannel> open = transports.remote(target, authorities, this::furnish);
      open.ifPresent(this::keep);
      remote = open.orElse(null);
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
    ManagedChannel here = local;
    ManagedChannel there = remote;
    if (here != null) {
      here.resetConnectBackoff();
    }
    if (there != null) {
      there.resetConnectBackoff();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (local != null) {
      local.shutdownNow();
    }
    if (remote != null) {
      remote.shutdownNow();
    }
  }
}
