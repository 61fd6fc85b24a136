package blackhole.endpoint.thread;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ThreadPerTaskExecutor;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * All threads of an endpoint: event loops that run the quick handlers themselves, and a pool for
 * those that block. Which are which is found out call by call and method by method; service code
 * says nothing, and may block wherever it likes. Thread-safe.
 *
 * @see CallLoop
 */
public final class CallThreads implements AutoCloseable {
  /** Event loops only move bytes most of the time; a few of them keep many cores busy. */
  private static final int MAX_EVENT_LOOPS = 4;

  /** More handlers than this don't block at once; their calls wait. */
  private static final int MAX_THREADS = 1024;

  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

  /** Methods beyond it, should callers be able to make up names, share one pace. */
  private static final int MAX_METHODS = 4096;

  private static final long STOP_TIMEOUT_SECONDS = 1;

  private final CallPool pool;
  private final EventLoopGroup eventLoops;
  private final Map<String, Executor> places = new ConcurrentHashMap<>();

  /** For what gRPC does before it knows the method. */
  private final Executor anyMethod = new Place(new Pace());

  public CallThreads() {
    this(
        Math.min(Runtime.getRuntime().availableProcessors(), MAX_EVENT_LOOPS),
        MAX_THREADS,
        KEEP_ALIVE);
  }

  CallThreads(int loops, int maxThreads, Duration keepAlive) {
    pool = new CallPool("blackhole-call", maxThreads, keepAlive);
    eventLoops = new Loops(loops, pool);
  }

  /** Has a server's connections and calls run on these threads. */
  public void furnish(NettyServerBuilder builder) {
    builder
        .bossEventLoopGroup(eventLoops)
        .workerEventLoopGroup(eventLoops)
        .executor(anyMethod)
        .callExecutor(
            new ServerCallExecutorSupplier() {
              @Override
              public <ReqT, RespT> Executor getExecutor(
                  ServerCall<ReqT, RespT> call, Metadata headers) {
                return place(call.getMethodDescriptor().getFullMethodName());
              }
            });
  }

  /** Where tasks of this method's calls run. */
  Executor place(String method) {
    Executor place = places.get(method);
    if (place != null) {
      return place;
    }
    return places.size() < MAX_METHODS
        ? places.computeIfAbsent(method, name -> new Place(new Pace()))
        : anyMethod;
  }

  EventLoopGroup eventLoops() {
    return eventLoops;
  }

  CallPool pool() {
    return pool;
  }

  /**
   * Ends the threads, without waiting for it. Handlers that still run are not interrupted: an
   * interrupt closes the file channel that a thread is writing to.
   */
  @Override
  public void close() {
    eventLoops
        .shutdownGracefully(0, STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .addListener(ended -> pool.shutdown());
  }

  /** A method's place: on the loop that its call came in by, as long as it is quick. */
  private final class Place implements Executor {
    private final Pace pace;

    Place(Pace pace) {
      this.pace = pace;
    }

    @Override
    public void execute(Runnable task) {
      Turn turn = new Turn(task, pace);
      CallLoop loop = CallThread.currentLoop();
      if (loop == null) {
        pool.run(turn);
      } else {
        loop.add(turn);
      }
    }
  }

  private static final class Loops extends MultiThreadIoEventLoopGroup {
    Loops(int count, CallPool pool) {
      super(
          count,
          new ThreadPerTaskExecutor(new DefaultThreadFactory("blackhole-endpoint", true)),
          NioIoHandler.newFactory(),
          pool);
    }

    @Override
    protected IoEventLoop newChild(
        Executor executor, IoHandlerFactory factory, Object... arguments) {
      return new CallLoop(this, executor, factory, (CallPool) arguments[0]);
    }
  }
}
