package blackhole.api.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;

/**
 * Where a node keeps its files: every path, as a pure function of the home directory, so that
 * processes that know the home agree on all else. Immutable; only {@link #create} and {@link
 * #prepareSocket} touch the disk.
 *
 * <p>A Unix socket's path holds at most 106 bytes. A socket or link that would be longer in {@code
 * HOME/run} lives under the same name in a short folder of the system's temporary directory, named
 * by a digest of the home's real path.
 *
 * <p>The command line reads this class before it answers anything: it stays free of lambdas,
 * streams and regular expressions, which take longer to start than all else here.
 */
public final class NodeHome {
  /** The longest path that the JDK binds; Linux itself would take one byte more. */
  public static final int MAX_SOCKET_PATH_BYTES = 106;

  private final Path root;

  private NodeHome(Path root) {
    this.root = root;
  }

  /** The home in this directory, which need not exist yet. */
  public static NodeHome of(Path directory) {
    return new NodeHome(directory.toAbsolutePath().normalize());
  }

  public Path root() {
    return root;
  }

  /** Sockets, links and the lock; for this user alone. */
  public Path run() {
    return root.resolve("run");
  }

  /** Held by the node's first process for its whole life, with its PID inside. */
  public Path lock() {
    return run().resolve("node.lock");
  }

  /** Where the orchestrator listens for hosts. */
  public Path controlSocket() {
    return socket("node.sock");
  }

  /** Where the orchestrator listens for {@code exec} and {@code shell}. */
  public Path shellSocket() {
    return socket("shell.sock");
  }

  /** The stable path that callers of an instance use: a link to its current socket. */
  public Path serviceLink(String service, int instance) {
    return socket(service + "-" + instance + ".sock");
  }

  /** The socket that one process of an instance binds, its own. */
  public Path serviceSocket(String service, int instance, long generation) {
    return socket(service + "-" + instance + "." + generation + ".sock");
  }

  /** The place of a socket or link of this name: in {@link #run} if it fits, else in the folder. */
  public Path socket(String name) {
    Path path = run().resolve(name);
    return bytes(path) <= MAX_SOCKET_PATH_BYTES ? path : shortFolder().resolve(name);
  }

  /** Where what does not fit into {@link #run} goes. Most nodes never make it. */
  public Path shortFolder() {
    return Path.of(System.getProperty("java.io.tmpdir", "/tmp")).resolve("blackhole-" + digest());
  }

  /**
   * Takes the short folder away, if there is one. It stays while there is a socket in it, as that
   * of a host that lives on: the next node of this home uses it, and removes it.
   */
  public void removeShortFolder() throws IOException {
    try {
      Files.deleteIfExists(shortFolder());
    } catch (DirectoryNotEmptyException e) {
      // in use
    }
  }

  /** The jar's bundles, unpacked. */
  public Path lib() {
    return root.resolve("lib");
  }

  public Path bundles() {
    return root.resolve("bundles");
  }

  public Path deploy() {
    return root.resolve("deploy");
  }

  /** What a service keeps. */
  public Path data(String service) {
    return root.resolve("data").resolve(service);
  }

  /** What the node itself keeps. */
  public Path state() {
    return root.resolve("state");
  }

  public Path log() {
    return root.resolve("log");
  }

  public Path nodeLog() {
    return log().resolve("node.log");
  }

  /** What operators have changed, a line of JSON each. */
  public Path auditLog() {
    return log().resolve("audit.log");
  }

  /** The structured log of an instance. */
  public Path serviceLog(String service, int instance) {
    return log().resolve(service + "-" + instance + ".log");
  }

  /** A host's stdout and stderr. */
  public Path hostOutput(String hostId) {
    return log().resolve(hostId + ".out");
  }

  /** The structured log of a host that has no service yet. */
  public Path hostLog(String hostId) {
    return log().resolve(hostId + ".log");
  }

  /** Where the JVM of a host reports a fault. */
  public Path hostCrashReport(String hostId) {
    return log().resolve("hs_err_" + hostId + ".log");
  }

  /** Where the JVM of a host dumps its heap, if it is told to. */
  public Path hostHeapDump(String hostId) {
    return log().resolve(hostId + ".hprof");
  }

  /** The development authority, and this node's certificate by it. */
  public Path tls() {
    return root.resolve("tls");
  }

  /** May be deleted whenever the node is stopped. */
  public Path cache() {
    return root.resolve("cache");
  }

  /** The configuration that is read when none is named. */
  public Path configuration() {
    return root.resolve("blackhole.yaml");
  }

  /**
   * Makes the directories that every node needs. Whatever the umask, what is made here is for this
   * user alone, and so is {@link #run} even if it stood before.
   *
   * @throws IOException with the path and the reason
   */
  public void create() throws IOException {
    directory(root);
    directory(run());
    Files.setPosixFilePermissions(run(), privately());
    directory(log());
    directory(state());
    directory(cache());
    directory(root.resolve("data"));
    prepareSocket(controlSocket());
    prepareSocket(shellSocket());
  }

  /**
   * Makes the folder that a socket or link of this node goes to, if it is the short one.
   *
   * @throws IOException when somebody else owns it, or may write to it
   */
  public void prepareSocket(Path socket) throws IOException {
    Path folder = socket.getParent();
    if (folder == null || folder.equals(run())) {
      return;
    }
    if (bytes(socket) > MAX_SOCKET_PATH_BYTES) {
      throw new FileSystemException(
          socket.toString(), null, "longer than the 106 bytes that a socket's path can have");
    }
    directory(folder);
    // The temporary directory is everybody's: trust nothing there that could have been planted.
    PosixFileAttributes found =
        Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isDirectory() || !found.owner().equals(Files.getOwner(run()))) {
      throw new FileSystemException(folder.toString(), null, "is not a directory of this user");
    }
    if (!found.permissions().equals(privately())) {
      Files.setPosixFilePermissions(folder, privately());
    }
  }

  private static void directory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      directory(parent);
    }
    try {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(privately()));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw new FileSystemException(directory.toString(), null, "is not a directory");
      }
    }
  }

  private static Set<PosixFilePermission> privately() {
    return Set.of(
        PosixFilePermission.OWNER_READ,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_EXECUTE);
  }

  private static int bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  /** Sixteen hex digits that tell homes apart: of the real path, so that links do not matter. */
  public String digest() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(realPath(root).toString().getBytes(StandardCharsets.UTF_8));
      StringBuilder hex = new StringBuilder();
      for (int i = 0; i < 8; i++) {
        hex.append(Character.forDigit((hash[i] >> 4) & 0xf, 16));
        hex.append(Character.forDigit(hash[i] & 0xf, 16));
      }
      return hex.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Resolves links as far as the path exists. */
  private static Path realPath(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      Path parent = path.getParent();
      return parent == null ? path : realPath(parent).resolve(path.getFileName());
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeHome home && home.root.equals(root);
  }

  @Override
  public int hashCode() {
    return root.hashCode();
  }

  @Override
  public String toString() {
    return root.toString();
  }
}
