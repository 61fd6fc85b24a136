package blackhole.client;

import blackhole.api.host.TlsFiles;
import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.ServiceDirectory;
import blackhole.api.registry.ServiceRecord;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.ServiceCalls;
import blackhole.api.supervision.InstanceHealth;
import blackhole.client.service.Echo;
import blackhole.client.service.ServiceClients;
import blackhole.client.service.TestDirectory;
import blackhole.client.service.Transports;
import blackhole.client.tls.NodeTls;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The client path of one process, a registry for it, and real servers. */
public final class TestNode implements AutoCloseable {
  public final TestDirectory directory = new TestDirectory();
  private final Path folder;
  private final ClientThreads threads = new ClientThreads();
  private final NodeTls tls;
  public final ServiceClients clients;
  private final List<Server> servers = new CopyOnWriteArrayList<>();
  private final AtomicLong revisions = new AtomicLong();
  private final EventLoopGroup serverLoop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  public TestNode(Path folder) {
    this(folder, null);
  }

  public TestNode(Path folder, @Nullable TlsFiles files) {
    this(folder, files, ServiceClients::new);
  }

  /** Makes the client path. */
  interface Maker {
    ServiceClients make(ServiceDirectory directory, CallerIdentity identity, Transports transports);
  }

  TestNode(Path folder, @Nullable TlsFiles files, Maker maker) {
    this.folder = folder;
    CallerIdentity identity =
        new CallerIdentity() {
          @Override
          public String nodeId() {
            return "node-a";
          }

          @Override
          public String name() {
            return "caller-1";
          }

          @Override
          public Optional<String> callToken() {
            return Optional.of("secret");
          }

          @Override
          public Optional<TlsFiles> tls() {
            return Optional.ofNullable(files);
          }
        };
    tls = new NodeTls(identity);
    clients = maker.make(directory, identity, new NettyTransports(threads, tls));
  }

  /** Serves at a Unix socket. */
  public Server serve(String socket, Echo.Handler handler, ServerInterceptor... interceptors)
      throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(folder.resolve(socket)))
            .channelType(NioServerDomainSocketChannel.class)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null);
    return start(builder, Echo.service(handler), interceptors);
  }

  /** Serves at a TCP port of the loopback interface. */
  public Server serve(
      @Nullable SslContext context, Echo.Handler handler, ServerInterceptor... interceptors)
      throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .channelType(NioServerSocketChannel.class);
    if (context != null) {
      builder.sslContext(context);
    }
    return start(builder, Echo.service(handler), interceptors);
  }

  private Server start(
      NettyServerBuilder builder,
      ServerServiceDefinition service,
      ServerInterceptor... interceptors)
      throws IOException {
    for (ServerInterceptor interceptor : interceptors) {
      builder.intercept(interceptor);
    }
    Server server =
        builder
            .bossEventLoopGroup(serverLoop)
            .workerEventLoopGroup(serverLoop)
            .addService(service)
            .build()
            .start();
    servers.add(server);
    return server;
  }

  /** A server that can end as a process does, without a word to anybody. */
  public static final class Mortal {
    private final List<io.netty.channel.Channel> open = new CopyOnWriteArrayList<>();

    /** Closes what the process had open, below HTTP/2, so that no goodbye is sent. */
    public void kill() {
      for (var channel : open) {
        channel.eventLoop().execute(() -> channel.unsafe().close(channel.voidPromise()));
      }
      for (var channel : open) {
        channel.closeFuture().awaitUninterruptibly();
      }
    }

    /** A listener that is remembered, as are the connections that it takes. */
    private NioServerDomainSocketChannel listener() {
      NioServerDomainSocketChannel listener = new NioServerDomainSocketChannel();
      open.add(listener);
      listener
          .pipeline()
          .addFirst(
              new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object accepted) {
                  open.add((io.netty.channel.Channel) accepted);
                  context.fireChannelRead(accepted);
                }
              });
      return listener;
    }
  }

  public Mortal serveMortal(String socket, Echo.Handler handler) throws IOException {
    return serveMortal(socket, Echo.service(handler));
  }

  public Mortal serveMortal(String socket, ServerServiceDefinition service) throws IOException {
    Mortal mortal = new Mortal();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(folder.resolve(socket)))
            .channelFactory(mortal::listener)
            .withChildOption(ChannelOption.SO_KEEPALIVE, null);
    Server unused = start(builder, service);
    return mortal;
  }

  public static void stop(Server server) throws InterruptedException {
    boolean unused = server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
  }

  public RegisteredEndpoint local(String socket) {
    return local(socket, InstanceHealth.HEALTHY);
  }

  public RegisteredEndpoint local(String socket, InstanceHealth health) {
    return new RegisteredEndpoint(
        socket,
        "echo",
        1,
        RegisteredEndpoint.Type.LOCAL,
        "node-a",
        Optional.of(folder.resolve(socket)),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        health,
        health == InstanceHealth.HEALTHY ? "" : "its disk is full",
        Instant.now());
  }

  public static RegisteredEndpoint remote(
      String nodeId, int port, @Nullable Path authority, InstanceHealth health) {
    return new RegisteredEndpoint(
        nodeId + "/echo",
        "echo",
        0,
        RegisteredEndpoint.Type.REMOTE,
        nodeId,
        Optional.empty(),
        Optional.of("127.0.0.1"),
        OptionalInt.of(port),
        Optional.ofNullable(authority),
        OptionalLong.empty(),
        health,
        health == InstanceHealth.HEALTHY ? "" : "its disk is full",
        Instant.now());
  }

  public ServiceRecord record(
      Availability availability, CallPolicy policy, RegisteredEndpoint... endpoints) {
    return new ServiceRecord(
        "echo",
        revisions.incrementAndGet(),
        availability,
        policy,
        Echo.METHODS,
        Arrays.asList(endpoints));
  }

  /** Registers the service, and waits until everybody has taken note. */
  public void register(
      Availability availability, CallPolicy policy, RegisteredEndpoint... endpoints)
      throws Exception {
    directory.put(record(availability, policy, endpoints)).get(30, TimeUnit.SECONDS);
  }

  public Channel channel() {
    return clients.to("echo");
  }

  public String call(MethodDescriptor<String, String> method) {
    return call(channel(), method);
  }

  public static String call(Channel channel, MethodDescriptor<String, String> method) {
    return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, "hello");
  }

  public ServiceCalls counted() {
    return clients.calls().stream()
        .filter(calls -> calls.service().equals("echo"))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() throws Exception {
    clients.close();
    tls.close();
    threads.close();
    for (Server server : servers) {
      stop(server);
    }
    // or the next test, which may listen to all that is logged, would hear what this one's end says
    var unused =
        serverLoop
            .shutdownGracefully(0, 1, TimeUnit.SECONDS)
            .awaitUninterruptibly(30, TimeUnit.SECONDS);
    unused = threads.eventLoop().terminationFuture().awaitUninterruptibly(30, TimeUnit.SECONDS);
  }
}
