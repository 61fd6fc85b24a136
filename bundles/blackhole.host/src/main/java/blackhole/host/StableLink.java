package blackhole.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/**
 * The stable path of a service's socket: a symbolic link to the socket that this process bound. A
 * successor points it elsewhere by one atomic rename, so that there is never a moment without one.
 *
 * @param link may be the socket itself; then there is nothing to link
 */
record StableLink(Path link, Path socket) {
  /**
   * @throws IOException when something stands there that is no link: it may be another program's
   *     socket, and is left alone
   */
  void point() throws IOException {
    if (link.equals(socket)) {
      return;
    }
    if (Files.exists(link, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(link)) {
      throw new IOException(
          link
              + " exists and is not a link to a socket; remove it, or configure another"
              + " unix_socket");
    }
    // named after the socket, which only this process has
    Path temporary = link.resolveSibling("." + socket.getFileName() + ".link");
    Files.deleteIfExists(temporary);
    try {
      Files.createSymbolicLink(temporary, target());
      Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Does nothing when it points to another's socket by now. */
  void remove() throws IOException {
    if (!link.equals(socket)
        && Files.isSymbolicLink(link)
        && link.resolveSibling(Files.readSymbolicLink(link))
            .normalize()
            .equals(socket.normalize())) {
      Files.deleteIfExists(link);
    }
  }

  /** Relative in the same directory, so that the home can be mounted elsewhere. */
  private Path target() {
    Path absolute = socket.toAbsolutePath();
    return Objects.equals(link.toAbsolutePath().getParent(), absolute.getParent())
        ? absolute.getFileName()
        : absolute;
  }
}
