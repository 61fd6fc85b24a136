package blackhole.bench.events;

import blackhole.api.service.HostInfo;
import blackhole.endpoint.thread.CallThreads;
import blackhole.events.EventsCore;
import blackhole.events.EventsOnHost;
import blackhole.events.EventsService;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A stream behind a Unix socket, on a host's threads, and the way to it. */
final class StreamServer implements AutoCloseable {
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final @Nullable EventsCore core;
  private final Server server;
  private final UnixDomainSocketAddress socket;

  private StreamServer(Path directory, @Nullable EventsCore core, BindableService service)
      throws IOException {
    this.core = core;
    socket = UnixDomainSocketAddress.of(directory.resolve("s"));
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(socket)
            .channelType(NioServerDomainSocketChannel.class)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null)
            .addService(service);
    new CallThreads().furnish(builder);
    server = builder.build().start();
  }

  /** The events service, with its defaults. */
  static StreamServer ours(Path directory) throws IOException {
    EventsCore core = new EventsCore(new Host(directory), defaults(), Map.of());
    return new StreamServer(directory, core, new EventsService(core));
  }

  /** gRPC alone. */
  static StreamServer bare(Path directory) throws IOException {
    return new StreamServer(directory, null, new BareStream());
  }

  private static EventsCore.Config defaults() {
    Class<EventsCore.Config> type = EventsCore.Config.class;
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> method.getDefaultValue()));
  }

  /** What the service counts itself, by name. */
  double metric(String name) {
    EventsCore events = core;
    if (events == null) {
      throw new IllegalStateException("the baseline counts nothing");
    }
    Double value = new EventsOnHost(events).metrics().get(name);
    if (value == null) {
      throw new IllegalStateException("no metric " + name);
    }
    return value;
  }

  /** A connection of its own. */
  ManagedChannel connect() {
    return NettyChannelBuilder.forAddress(socket)
        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
        .eventLoopGroup(loop)
        .withOption(ChannelOption.SO_KEEPALIVE, null)
        .overrideAuthority("localhost")
        .usePlaintext()
        .build();
  }

  @Override
  public void close() throws InterruptedException {
    boolean unused = server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    if (core != null) {
      core.close();
    }
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private record Host(Path data) implements HostInfo {
    @Override
    public String service() {
      return "events";
    }

    @Override
    public int instance() {
      return 1;
    }

    @Override
    public String nodeId() {
      return "bench";
    }

    @Override
    public Path socket() {
      return data.resolve("s");
    }

    @Override
    public OptionalInt port() {
      return OptionalInt.empty();
    }

    @Override
    public Optional<Path> dataDirectory() {
      return Optional.of(data);
    }
  }
}
