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

  String argument() {
    return name().toLowerCase(Locale.ROOT);
  }

  static HandlerThreads of(String argument) {
    return valueOf(argument.toUpperCase(Locale.ROOT));
  }

  void furnish(NettyServerBuilder builder) {
    if (this == OURS) {
      new CallThreads().furnish(builder);
      return;
    }
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    builder.bossEventLoopGroup(loops).workerEventLoopGroup(loops);
    if (this == DIRECT) {
      builder.directExecutor();
    }
  }
}
