package blackhole.endpoint;

import blackhole.api.rpc.EndpointAddress;
import blackhole.endpoint.call.DaemonThreads;
import blackhole.endpoint.socket.SameUser;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where an open endpoint listens, with the threads for it: one gRPC server for each address,
 * because a lost Unix socket is bound again by a new server while the others go on. They share the
 * event loops, and the threads that handlers run on.
 */
final class Listeners {
  /** Event loops only move bytes; a few of them keep many cores busy. */
  private static final int MAX_EVENT_LOOPS = 4;

  private static final long STOP_TIMEOUT_SECONDS = 1;

  private final EventLoopGroup eventLoops =
      new MultiThreadIoEventLoopGroup(
          Math.min(Runtime.getRuntime().availableProcessors(), MAX_EVENT_LOOPS),
          new DefaultThreadFactory("blackhole-endpoint", true),
          NioIoHandler.newFactory());

  /** Service code may block, so it never runs on an event loop. */
  private final ExecutorService handlers =
      Executors.newCachedThreadPool(new DaemonThreads("blackhole-call"));

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
   * @throws IOException in words, with nothing left open
   */
  static Listeners open(
      EndpointAddress address,
      Consumer<NettyServerBuilder> furnish,
      ScheduledExecutorService timer,
      Duration tlsReload)
      throws IOException {
    Listeners listeners = new Listeners(address, furnish, timer);
    try {
      if (address.port().isPresent()) {
        // before the socket, which callers take for a sign that the service is up
        listeners.tcp = TcpListener.open(address, listeners::furnish, timer, tlsReload);
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
    builder.bossEventLoopGroup(eventLoops).workerEventLoopGroup(eventLoops).executor(handlers);
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

  /**
   * Ends the threads. Handlers that still run, although their calls are cancelled, are not
   * interrupted: an interrupt closes the file channel that a thread is writing to.
   */
  void close() {
    handlers.shutdown();
    eventLoops.shutdownGracefully(0, STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
