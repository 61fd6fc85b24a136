package blackhole.events;

import blackhole.api.service.Caller;
import blackhole.events.v1.Event;
import blackhole.events.v1.EventStreamGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The service behind a real Unix socket, and a channel to it with a small window. */
final class RunningEvents implements AutoCloseable {
  private static final int WINDOW_BYTES = 65_535;

  final EventsCore core;
  final ManagedChannel channel;

  /** Who calls, as an endpoint would say. */
  volatile Caller caller = Caller.LOCAL_PROCESS;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Server server;

  RunningEvents(Path data, EventsCore.Config config) throws IOException {
    core = new EventsCore(new TestHost(data), config, Map.of());
    UnixDomainSocketAddress socket =
        UnixDomainSocketAddress.of(data.resolve("s-" + ProcessHandle.current().pid()));
    server =
        NettyServerBuilder.forAddress(socket)
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null)
            .intercept(new CallerInterceptor())
            .addService(new EventsService(core))
            .build()
            .start();
    channel =
        NettyChannelBuilder.forAddress(socket)
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(loops)
            .withOption(ChannelOption.SO_KEEPALIVE, null)
            // without one that is set, gRPC makes it larger as it sees fit
            .flowControlWindow(WINDOW_BYTES)
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
  }

  private final class CallerInterceptor implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      return Contexts.interceptCall(caller.in(Context.current()), call, headers, next);
    }
  }

  EventStreamGrpc.EventStreamBlockingStub stub() {
    return EventStreamGrpc.newBlockingStub(channel).withDeadlineAfter(120, TimeUnit.SECONDS);
  }

  long publish(Event event) {
    return stub().publishEvent(event).getPosition();
  }

  @Override
  public void close() throws InterruptedException {
    channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    core.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
