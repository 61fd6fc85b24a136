package blackhole.bench.call;

import blackhole.endpoint.thread.CallThreads;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.Locale;

/** Where a bare server runs its handlers. */
enum HandlerThreads {
  /** As an endpoint of ours. */
  OURS,
  /** On the event loop; one handler that blocks stops them all. */
  DIRECT,
  /** As gRPC does when nobody says anything: a pool without bound. */
  DEFAULT;

  /** Has a server run on threads that were made before, and that several may share. */
  @FunctionalInterface
  interface Furnishing {
    void furnish(NettyServerBuilder builder);
  }

  String argument() {
    return name().toLowerCase(Locale.ROOT);
  }

  static HandlerThreads of(String argument) {
    return valueOf(argument.toUpperCase(Locale.ROOT));
  }

  Furnishing make() {
    if (this == OURS) {
      return new CallThreads()::furnish;
    }
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    return builder -> {
      builder.bossEventLoopGroup(loops).workerEventLoopGroup(loops);
      if (this == DIRECT) {
        builder.directExecutor();
      }
    };
  }
}
