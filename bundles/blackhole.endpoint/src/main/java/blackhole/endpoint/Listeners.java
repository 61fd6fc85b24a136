package blackhole.endpoint;

import blackhole.api.rpc.EndpointAddress;
import blackhole.endpoint.socket.SameUser;
import blackhole.endpoint.thread.CallThreads;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where an open endpoint listens, with the threads for it: one gRPC server for each address,
 * because a lost Unix socket is bound again by a new server while the others go on. They share the
 * event loops, and the threads that handlers run on.
 */
final class Listeners {
  private final CallThreads threads = new CallThreads();
  private final Consumer<NettyServerBuilder> furnish;
  private final UnixListener unix;
  private @Nullable TcpListener tcp;

  private Listeners(
      EndpointAddress address,
      Consumer<NettyServerBuilder> furnish,
      ScheduledExecutorService timer) {
    this.furnish = furnish;
    unix = new UnixListener(address.socket(), new SameUser(), this::furnish, timer);
  }

  /**
   * @param furnish adds services and limits to each server
   * @param tlsReload how often to look for new certificates
   * @param maxConnectionAge of TCP; a Unix socket leads to one instance, and needs none
   * @throws IOException in words, with nothing left open
   */
  static Listeners open(
      EndpointAddress address,
      Consumer<NettyServerBuilder> furnish,
      ScheduledExecutorService timer,
      Duration tlsReload,
      Duration maxConnectionAge)
      throws IOException {
    Listeners listeners = new Listeners(address, furnish, timer);
    try {
      if (address.port().isPresent()) {
        // before the socket, which callers take for a sign that the service is up
        listeners.tcp =
            TcpListener.open(address, listeners::furnish, timer, tlsReload, maxConnectionAge);
      }
      listeners.unix.open();
      return listeners;
    } catch (IOException | RuntimeException e) {
      listeners.shutdownNow();
      listeners.close();
      throw e;
    }
  }

  private void furnish(NettyServerBuilder builder) {
    threads.furnish(builder);
    furnish.accept(builder);
  }

  /** The TCP port, or -1. */
  int port() {
    return tcp == null ? -1 : tcp.port();
  }

  /** Closes the sockets; connections end as soon as they have no calls. */
  void shutdown() {
    unix.shutdown();
    if (tcp != null) {
      tcp.shutdown();
    }
  }

  /** Closes the sockets, and cancels all calls. */
  void shutdownNow() {
    unix.shutdownNow();
    if (tcp != null) {
      tcp.shutdownNow();
    }
  }

  /** Whether all connections have ended in time. */
  boolean awaitTermination(long timeoutNanos) throws InterruptedException {
    long endNanos = System.nanoTime() + timeoutNanos;
    return unix.awaitTermination(timeoutNanos)
        && (tcp == null || tcp.awaitTermination(endNanos - System.nanoTime()));
  }

  /** Ends the threads. Handlers that still run, although their calls are cancelled, may finish. */
  void close() {
    threads.close();
  }
}
