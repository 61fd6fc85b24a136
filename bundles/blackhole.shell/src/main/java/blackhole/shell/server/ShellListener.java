package blackhole.shell.server;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Listens on the shell's socket and gives each client a session of its own. Only processes of the
 * user that runs the node are served: the folder and the socket are closed to others, and the
 * kernel's word on who connects is checked besides.
 */
final class ShellListener implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ShellListener.class.getName());

  /** More than any operator opens; a script gone wild must not take all threads. */
  private static final int MOST_SESSIONS = 64;

  /** Lines that run are interrupted; one that takes no notice is not waited for. */
  private static final Duration SESSION_END = Duration.ofSeconds(2);

  private final Path socket;
  private final Sessions sessions;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger numbers = new AtomicInteger();
  private @Nullable ServerSocketChannel server;

  ShellListener(Path socket, Sessions sessions) {
    this.socket = socket;
    this.sessions = sessions;
  }

  /**
   * Binds and serves.
   *
   * @throws IOException when something stands at the path that is not ours to replace
   */
  void open() throws IOException {
    clearPath();
    // Moved into place when it is ready, so that who sees it can connect to it.
    Path unready = socket.resolveSibling("shell.new");
    Files.deleteIfExists(unready);
    ServerSocketChannel opened = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      opened.bind(UnixDomainSocketAddress.of(unready));
      Files.setPosixFilePermissions(unready, PosixFilePermissions.fromString("rw-------"));
      UserPrincipal owner = Files.getOwner(unready);
      Files.move(unready, socket, StandardCopyOption.ATOMIC_MOVE);
      server = opened;
      Thread accepting = new Thread(() -> accept(opened, owner), "shell-accept");
      accepting.setDaemon(true);
      accepting.start();
    } catch (IOException e) {
      opened.close();
      Files.deleteIfExists(unready);
      throw e;
    }
  }

  /** A socket that nobody listens on was left by a crash; anything else is somebody's. */
  private void clearPath() throws IOException {
    BasicFileAttributes there;
    try {
      there = Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    if (!there.isOther()) {
      throw new FileSystemException(
          socket.toString(), null, "stands where the shell's socket goes; move it away");
    }
    try (SocketChannel listener = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      throw new FileSystemException(
          socket.toString(), null, "another process listens there already");
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      Files.deleteIfExists(socket);
    }
  }

  private void accept(ServerSocketChannel listening, UserPrincipal owner) {
    while (listening.isOpen()) {
      try {
        receive(listening.accept(), owner);
      } catch (IOException e) {
        if (listening.isOpen()) {
          LOG.log(System.Logger.Level.WARNING, "cannot accept a client of the shell", e);
        }
      }
    }
  }

  private void receive(SocketChannel client, UserPrincipal owner) throws IOException {
    boolean served = false;
    try {
      if (isWelcome(client, owner)) {
        serve(client);
        served = true;
      }
    } finally {
      if (!served) {
        client.close();
      }
    }
  }

  private boolean isWelcome(SocketChannel client, UserPrincipal owner) throws IOException {
    UserPrincipal peer = client.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
    if (!peer.equals(owner)) {
      LOG.log(
          System.Logger.Level.WARNING,
          () -> "refused user " + peer.getName() + " at the shell's socket");
      return false;
    }
    if (connections.size() >= MOST_SESSIONS) {
      LOG.log(System.Logger.Level.WARNING, "too many shells are open; refused another");
      return false;
    }
    return true;
  }

  private void serve(SocketChannel client) {
    Connection connection =
        new Connection(client, numbers.incrementAndGet(), sessions, connections::remove);
    connections.add(connection);
    connection.start();
  }

  /**
   * Takes the socket away and ends all sessions. Returns once they have written what they keep, so
   * that nothing appears in the home after this, or when one takes too long.
   */
  @Override
  public void close() {
    try {
      if (server != null) {
        Files.deleteIfExists(socket);
        server.close();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot remove the shell's socket", e);
    }
    List<Connection> open = List.copyOf(connections);
    open.forEach(Connection::close);
    awaitEnd(open);
  }

  private static void awaitEnd(List<Connection> closed) {
    long end = System.nanoTime() + SESSION_END.toNanos();
    try {
      for (Connection connection : closed) {
        if (!connection.awaitEnd(Duration.ofNanos(end - System.nanoTime()))) {
          LOG.log(System.Logger.Level.WARNING, "a line of a shell runs on after the shell's end");
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
