package blackhole.client;

import blackhole.api.rpc.SocketChannels;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * gRPC channels over the JDK's own Unix sockets, on one event loop that all of them share. gRPC's
 * {@code unix:} targets are not used: they need native code. Thread-safe.
 */
public final class UnixSocketChannels implements SocketChannels, AutoCloseable {
  /**
   * The largest message accepted from a server, above what services accept by default; a call that
   * needs another sets it in its {@code CallOptions}.
   */
  private static final int MAX_MESSAGE_SIZE_BYTES = 16 << 20;

  private static final long IDLE_TIMEOUT_MINUTES = 5;

  private final ClientThreads threads;
  private final Runnable atEnd;
  private final SocketResolverProvider resolvers = new SocketResolverProvider();

  /** On threads of its own. */
  public UnixSocketChannels() {
    threads = new ClientThreads();
    atEnd = threads::close;
    NameResolverRegistry.getDefaultRegistry().register(resolvers);
  }

  /** On threads that somebody else ends, after this. */
  UnixSocketChannels(ClientThreads threads) {
    this.threads = threads;
    atEnd = () -> {};
    NameResolverRegistry.getDefaultRegistry().register(resolvers);
  }

  @Override
  public ManagedChannel open(Path socket) {
    ManagedChannel channel =
        NettyTransports.unix(SocketResolverProvider.target(socket), threads)
            .maxInboundMessageSize(MAX_MESSAGE_SIZE_BYTES)
            .idleTimeout(IDLE_TIMEOUT_MINUTES, TimeUnit.MINUTES)
            .build();
    LocalReconnect.watch(channel, threads.eventLoop());
    return channel;
  }

  /** Ends its event loop, and with it the connections of channels that are still open. */
  @Override
  public void close() {
    NameResolverRegistry.getDefaultRegistry().deregister(resolvers);
    atEnd.run();
  }
}
