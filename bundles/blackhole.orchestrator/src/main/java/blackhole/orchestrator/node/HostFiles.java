package blackhole.orchestrator.node;

import blackhole.api.host.NodeHome;
import blackhole.control.v1.Ready;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The files of one host, and their end. A host cleans up after itself; what it could not, because
 * it was killed, goes here.
 */
final class HostFiles {
  private static final Logger LOG = System.getLogger(HostFiles.class.getName());

  /** Outputs of hosts that are gone; older ones are removed. */
  private static final int OUTPUTS_KEPT = 20;

  /** Of all JVMs of this home, the orchestrator's too. */
  private static final int CRASH_REPORTS_KEPT = 10;

  /** Each is as large as a heap. */
  private static final int HEAP_DUMPS_KEPT = 2;

  private final NodeHome home;

  HostFiles(NodeHome home) {
    this.home = home;
  }

  Path assignment(String hostId) {
    return home.state().resolve("hosts").resolve(hostId + ".assignment");
  }

  /** What a host said when it was READY, for the next orchestrator. */
  void noteReady(String hostId, Ready said) {
    Path file = ready(hostId);
    try {
      Path temporary = Files.createTempFile(file.resolveSibling(""), ".ready-", ".tmp");
      Files.write(temporary, said.toByteArray());
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot note that " + hostId + " is ready", e);
    }
  }

  /** What {@link #noteReady} noted; empty for a host that was not READY. */
  Optional<Ready> notedReady(String hostId) {
    try {
      return Optional.of(Ready.parseFrom(Files.readAllBytes(ready(hostId))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read what " + hostId + " said when it was ready", e);
      return Optional.empty();
    }
  }

  void forgetReady(String hostId) {
    try {
      Files.deleteIfExists(ready(hostId));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot clean up after " + hostId, e);
    }
  }

  private Path ready(String hostId) {
    return home.state().resolve("hosts").resolve(hostId + ".ready");
  }

  /** Removes what a host that is gone may have left, but its logs. */
  void remove(String hostId, Path socket, Path link) {
    removeSocket(hostId, socket, link);
    remove(hostId);
  }

  /** Removes where a host that is gone was reached, unless its name points to another by now. */
  void removeSocket(String hostId, Path socket, Path link) {
    try {
      if (Files.isSymbolicLink(link) && pointsTo(link, socket)) {
        Files.deleteIfExists(link);
      }
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot clean up after " + hostId, e);
    }
  }

  /** As {@link #remove(String, Path, Path)}, but for its socket. */
  void remove(String hostId) {
    try {
      Files.deleteIfExists(assignment(hostId));
      Files.deleteIfExists(ready(hostId));
      removeTree(home.cache().resolve(hostId));
      // of a spare, from before it had a service
      Files.deleteIfExists(home.hostLog(hostId));
      removeEmptyOutput(hostId);
      keepNewest(OUTPUTS_KEPT, name -> name.endsWith(".out"));
      keepNewest(CRASH_REPORTS_KEPT, name -> name.startsWith("hs_err_"));
      keepNewest(HEAP_DUMPS_KEPT, name -> name.endsWith(".hprof"));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot clean up after " + hostId, e);
    }
  }

  private static boolean pointsTo(Path link, Path socket) throws IOException {
    return link.resolveSibling(Files.readSymbolicLink(link)).equals(socket);
  }

  private static void removeTree(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private void removeEmptyOutput(String hostId) throws IOException {
    Path output = home.hostOutput(hostId);
    if (Files.exists(output) && Files.size(output) == 0) {
      Files.delete(output);
    }
  }

  private void keepNewest(int count, Predicate<String> names) throws IOException {
    List<Path> found;
    try (Stream<Path> files = Files.list(home.log())) {
      found =
          files
              .filter(file -> names.test(file.getFileName().toString()))
              .sorted(Comparator.comparing(HostFiles::lastModifiedMillis).reversed())
              .toList();
    }
    for (Path old : found.subList(Math.min(count, found.size()), found.size())) {
      Files.deleteIfExists(old);
    }
  }

  private static long lastModifiedMillis(Path file) {
    // one that vanishes meanwhile counts as old: nothing is left to remove
    return file.toFile().lastModified();
  }
}
