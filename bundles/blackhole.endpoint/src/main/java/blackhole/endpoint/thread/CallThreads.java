package blackhole.endpoint.thread;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** All threads of an endpoint. */
public final class CallThreads {
  private static final int MAX_METHODS = 4096;

  private final CallPool pool;
  private final Loops loops;
  private final Executor unknown = new Place(new Pace());
  private final Map<String, Executor> places = new ConcurrentHashMap<>();

  public CallThreads(int eventLoops, int maxThreads, Duration keepAlive) {
    pool = new CallPool("blackhole-call", maxThreads, keepAlive);
    loops = new Loops(eventLoops, pool);
  }

  public void furnish(NettyServerBuilder builder) {
    builder
        .bossEventLoopGroup(loops)
        .workerEventLoopGroup(loops)
        .executor(unknown)
        .callExecutor(
            new ServerCallExecutorSupplier() {
              @Override
              public <ReqT, RespT> Executor getExecutor(
                  ServerCall<ReqT, RespT> call, Metadata metadata) {
                return place(call.getMethodDescriptor().getFullMethodName());
              }
            });
  }

  private Executor place(String method) {
    Executor known = places.get(method);
    if (known != null) {
      return known;
    }
    return places.size() < MAX_METHODS
        ? places.computeIfAbsent(method, name -> new Place(new Pace()))
        : unknown;
  }

  public void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).addListener(ended -> pool.shutdown());
  }

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
      super(count, (Executor) new io.netty.util.concurrent.ThreadPerTaskExecutor(new DefaultThreadFactory("blackhole-endpoint", true)), NioIoHandler.newFactory(), pool);
    }

    @Override
    protected IoEventLoop newChild(
        Executor executor, IoHandlerFactory factory, Object... arguments) {
      return new CallLoop(this, executor, factory, (CallPool) arguments[0]);
    }
  }
}
