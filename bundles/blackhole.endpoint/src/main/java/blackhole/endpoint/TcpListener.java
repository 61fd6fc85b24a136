package blackhole.endpoint;

import blackhole.api.rpc.EndpointAddress;
import blackhole.endpoint.access.AccessControl;
import blackhole.endpoint.tls.ServerTls;
import blackhole.endpoint.tls.TlsServerChannel;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Listens on a TCP port: with mutual TLS on all interfaces, or in plaintext on the loopback
 * interface. Other processes of this user may listen there too, as a service's instances do: the
 * kernel spreads connections over them. Thread-safe.
 */
final class TcpListener {
  private static final System.Logger LOG = System.getLogger(TcpListener.class.getName());

  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private static final ChannelOption<Boolean> SHARED_PORT =
      NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT);

  /**
   * After this time (±10 %, gRPC's own) a connection is asked to be made anew. Then its calls
   * spread over the instances of today, and its certificates are looked at again.
   */
  static final Duration MAX_CONNECTION_AGE = Duration.ofMinutes(30);

  /** How long the calls of a connection that has come of age may go on; clients resume streams. */
  private static final long MAX_CONNECTION_AGE_GRACE_MINUTES = 10;

  private final Server server;
  private final @Nullable ServerTls tls;

  private TcpListener(Server server, @Nullable ServerTls tls) {
    this.server = server;
    this.tls = tls;
  }

  /**
   * @param furnish adds services, limits and threads
   * @param timer looks after the certificates
   * @param maxConnectionAge at least a second
   * @throws IOException in words, with nothing left open
   */
  static TcpListener open(
      EndpointAddress address,
      Consumer<NettyServerBuilder> furnish,
      ScheduledExecutorService timer,
      Duration reloadInterval,
      Duration maxConnectionAge)
      throws IOException {
    int port = address.port().orElseThrow();
    if (address.tls().isEmpty()) {
      Server server =
          start(
              new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port),
              furnish,
              maxConnectionAge,
              builder -> builder.channelType(NioServerSocketChannel.class));
      LOG.log(
          Level.WARNING,
          "TCP port {0} is plaintext, as node.tls.insecure_loopback says, and on the loopback"
              + " interface only: every user of this machine can call it",
          Integer.toString(server.getPort()));
      return new TcpListener(server, null);
    }
    ServerTls tls = ServerTls.open(address.tls().get(), reloadInterval, timer);
    try {
      Server server =
          start(
              new InetSocketAddress(port),
              furnish,
              maxConnectionAge,
              builder -> builder.channelType(TlsServerChannel.class).sslContext(tls.context()));
      LOG.log(Level.INFO, "TCP port {0} takes mutual TLS only", Integer.toString(server.getPort()));
      return new TcpListener(server, tls);
    } catch (IOException | RuntimeException e) {
      tls.close();
      throw e;
    }
  }

  private static Server start(
      InetSocketAddress address,
      Consumer<NettyServerBuilder> furnish,
      Duration maxConnectionAge,
      Consumer<NettyServerBuilder> secure)
      throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .withOption(SHARED_PORT, true)
            .maxConnectionAge(maxConnectionAge.toNanos(), TimeUnit.NANOSECONDS)
            .maxConnectionAgeGrace(MAX_CONNECTION_AGE_GRACE_MINUTES, TimeUnit.MINUTES);
    builder.addTransportFilter(AccessControl.tcpFilter());
    secure.accept(builder);
    furnish.accept(builder);
    try {
      return builder.build().start();
    } catch (IOException e) {
      String port = address.getPort() + " on " + address.getAddress().getHostAddress();
      throw new IOException(
          e.getCause() instanceof BindException
              ? "port " + port + " is in use by another process: choose another"
              : "cannot listen on port " + port + ": " + e.getMessage(),
          e);
    }
  }

  int port() {
    return server.getPort();
  }

  /** Closes the socket; connections end as soon as they have no calls. */
  void shutdown() {
    server.shutdown();
    closeTls();
  }

  /** Closes the socket, and cancels all calls. */
  void shutdownNow() {
    server.shutdownNow();
    closeTls();
  }

  /** Whether all connections have ended in time. */
  boolean awaitTermination(long timeoutNanos) throws InterruptedException {
    return server.awaitTermination(timeoutNanos, TimeUnit.NANOSECONDS);
  }

  /** There are no more handshakes to come. */
  private void closeTls() {
    if (tls != null) {
      tls.close();
    }
  }
}
