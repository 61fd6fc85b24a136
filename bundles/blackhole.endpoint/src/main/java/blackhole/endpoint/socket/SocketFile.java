package blackhole.endpoint.socket;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The file of one Unix socket that this process binds, from the claim on its path to its removal.
 *
 * <p>The file is known by its device and inode: as long as the socket is open the kernel keeps its
 * inode, so no other file can have the same, and {@link #delete} can't hit a successor at the same
 * path. Thread-safe.
 */
public final class SocketFile {
  /** What is found at the path now. */
  public enum State {
    OURS,
    GONE,
    REPLACED
  }

  /**
   * {@code sun_path} of Linux holds 108 bytes, the last of which is zero; the JDK (seen in 17 and
   * 25) keeps one more for itself.
   */
  static final int MAX_PATH_BYTES = 106;

  private static final int FILE_TYPE_MASK = 0170000;
  private static final int SOCKET_TYPE = 0140000;

  private final Path path;
  private volatile @Nullable Object key;
  private volatile @Nullable UserPrincipal owner;

  private SocketFile(Path path) {
    this.path = path;
  }

  /**
   * Makes sure that a socket can be bound at this path: makes the directory if there is none, and
   * removes a socket that nobody listens at any more.
   *
   * @throws IOException in words, when the path is too long or holds what is not ours to remove
   */
  public static SocketFile claim(Path path) throws IOException {
    checkLength(path);
    Path directory = path.toAbsolutePath().getParent();
    if (directory != null && !Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    if (Files.exists(path, NOFOLLOW_LINKS)) {
      if (!isSocket(path)) {
        throw new IOException(
            path + " exists and is " + kind(path) + ", not a socket: it is left alone");
      }
      removeStale(path);
    }
    return new SocketFile(path);
  }

  private static void checkLength(Path path) throws IOException {
    int bytes = path.toString().getBytes(fileNameCharset()).length;
    if (bytes > MAX_PATH_BYTES) {
      throw new IOException(
          "the socket path "
              + path
              + " has "
              + bytes
              + " bytes, and the JDK takes "
              + MAX_PATH_BYTES
              + " (of the 108 that Linux has): choose a shorter one");
    }
  }

  private static Charset fileNameCharset() {
    String name = System.getProperty("sun.jnu.encoding");
    return name == null ? Charset.defaultCharset() : Charset.forName(name);
  }

  private static boolean isSocket(Path path) throws IOException {
    int mode = (Integer) Files.getAttribute(path, "unix:mode", NOFOLLOW_LINKS);
    return (mode & FILE_TYPE_MASK) == SOCKET_TYPE;
  }

  private static String kind(Path path) {
    if (Files.isSymbolicLink(path)) {
      return "a symbolic link";
    }
    return Files.isDirectory(path, NOFOLLOW_LINKS) ? "a directory" : "a file";
  }

  private static void removeStale(Path path) throws IOException {
    SocketFile stale = new SocketFile(path);
    stale.key = attributes(path).fileKey();
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      // does not wait: a listener that is alive but busy may have a full queue
      probe.configureBlocking(false);
      boolean unused = probe.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException refused) {
      stale.delete();
      return;
    } catch (IOException e) {
      throw new IOException(
          "cannot tell whether somebody listens at "
              + path
              + " ("
              + e.getMessage()
              + "): it is left alone",
          e);
    }
    throw new IOException(
        "another process listens at " + path + ": stop it, or choose another path");
  }

  /** Called as soon as the socket is bound: makes it its owner's alone. */
  void bound() throws IOException {
    PosixFileAttributes attributes = attributes(path);
    key = attributes.fileKey();
    owner = attributes.owner();
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
  }

  public Path path() {
    return path;
  }

  /** Whom this process runs as; known once the socket is bound. */
  UserPrincipal owner() {
    return Objects.requireNonNull(owner, "not bound");
  }

  /** What is at the path; only meaningful between binding and closing. */
  public State state() {
    try {
      return Objects.equals(attributes(path).fileKey(), key) ? State.OURS : State.REPLACED;
    } catch (IOException e) {
      // also when the directory went, or may not be looked into: nobody can connect then
      return State.GONE;
    }
  }

  /** Removes the file if it is this socket's; to be called before the socket is closed. */
  void delete() throws IOException {
    if (key != null && state() == State.OURS) {
      try {
        Files.delete(path);
      } catch (NoSuchFileException e) {
        // somebody was faster
      }
    }
  }

  private static PosixFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, PosixFileAttributes.class, NOFOLLOW_LINKS);
  }
}
