package blackhole.endpoint;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import blackhole.endpoint.access.AccessControl;
import blackhole.endpoint.socket.PeerAdmission;
import blackhole.endpoint.socket.SocketFile;
import blackhole.endpoint.socket.UnixServerChannel;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Listens at a Unix socket, and again when somebody removes it: without its file a socket takes no
 * more connections, and nothing but a look at the file tells. A look every second is cheaper than a
 * watch on the directory, of which a user may have only so many.
 *
 * <p>The server whose socket was lost says goodbye to its clients, which find the new one at the
 * same path; calls in flight finish. Thread-safe.
 */
final class UnixListener {
  private static final System.Logger LOG = System.getLogger(UnixListener.class.getName());

  private static final long LOOK_INTERVAL_MILLIS = 1000;

  private final Path path;
  private final PeerAdmission admission;
  private final Consumer<NettyServerBuilder> furnish;
  private final ScheduledExecutorService timer;

  // guarded by this
  private final List<Server> servers = new ArrayList<>();
  private @Nullable SocketFile file;
  private @Nullable ScheduledFuture<?> looks;
  private String complaint = "";
  private boolean closed;

  UnixListener(
      Path path,
      PeerAdmission admission,
      Consumer<NettyServerBuilder> furnish,
      ScheduledExecutorService timer) {
    this.path = path;
    this.admission = admission;
    this.furnish = furnish;
    this.timer = timer;
  }

  /**
   * @throws IOException in words, when the path can't be bound
   */
  synchronized void open() throws IOException {
    bind();
    looks =
        timer.scheduleWithFixedDelay(
            this::look, LOOK_INTERVAL_MILLIS, LOOK_INTERVAL_MILLIS, MILLISECONDS);
  }

  private void bind() throws IOException {
    SocketFile claimed = SocketFile.claim(path);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(path))
            .channelFactory(() -> new UnixServerChannel(claimed, admission))
            // gRPC sets it on every kind of channel, and Netty warns at each connection of those
            // that have no such option; null takes it away again
            .withChildOption(ChannelOption.SO_KEEPALIVE, null);
    builder.addTransportFilter(AccessControl.unixFilter());
    furnish.accept(builder);
    Server server = builder.build();
    try {
      server.start();
    } catch (IOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException("cannot listen at " + path + ": " + cause.getMessage(), e);
    }
    servers.add(server);
    file = claimed;
  }

  /** Looks whether the socket is still there. */
  synchronized void look() {
    if (closed || file == null) {
      return;
    }
    switch (file.state()) {
      case OURS -> complaint = "";
      case GONE -> bindAgain();
      case REPLACED -> complain(path + " is not the socket bound here any more: it is left alone");
    }
  }

  private void bindAgain() {
    List<Server> lost = List.copyOf(servers);
    try {
      bind();
    } catch (IOException e) {
      complain(path + " was removed, and cannot be bound again: " + e.getMessage());
      return;
    }
    LOG.log(Level.WARNING, "{0} was removed while in use: bound again", path);
    lost.forEach(Server::shutdown);
    servers.removeIf(Server::isTerminated);
  }

  private void complain(String problem) {
    if (!problem.equals(complaint)) {
      complaint = problem;
      LOG.log(Level.ERROR, problem);
    }
  }

  synchronized void shutdown() {
    closed = true;
    if (looks != null) {
      looks.cancel(false);
    }
    servers.forEach(Server::shutdown);
  }

  void shutdownNow() {
    shutdown();
    snapshot().forEach(Server::shutdownNow);
  }

  /** Whether all connections have ended in time, and the socket is gone. */
  boolean awaitTermination(long timeoutNanos) throws InterruptedException {
    long endNanos = System.nanoTime() + timeoutNanos;
    for (Server server : snapshot()) {
      if (!server.awaitTermination(endNanos - System.nanoTime(), NANOSECONDS)) {
        return false;
      }
    }
    return true;
  }

  private synchronized List<Server> snapshot() {
    return List.copyOf(servers);
  }
}
