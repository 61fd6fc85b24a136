package blackhole.client;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of all channels: one event loop, which sockets of every kind share and which keeps
 * the time, and as many others as there are callbacks that block at once. Blocking stubs use none
 * of these: their callbacks run on the thread that waits. Thread-safe.
 */
final class ClientThreads implements AutoCloseable {
  private static final long STOP_TIMEOUT_SECONDS = 1;
  private static final long KEEP_THREAD_SECONDS = 30;

  private final EventLoopGroup eventLoop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("blackhole-client", true), NioIoHandler.newFactory());

  /** Without limit, as callbacks may block; at its end the caller runs what nobody else will. */
  private final ExecutorService callbacks =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          KEEP_THREAD_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          new DefaultThreadFactory("blackhole-client-callbacks", true),
          (task, pool) -> task.run());

  EventLoopGroup eventLoop() {
    return eventLoop;
  }

  ExecutorService callbacks() {
    return callbacks;
  }

  /** Ends the event loop, and with it the connections of channels that are still open. */
  @Override
  public void close() {
    eventLoop.shutdownGracefully(0, STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    // what calls have to say of their end is still said
    callbacks.shutdown();
  }
}
