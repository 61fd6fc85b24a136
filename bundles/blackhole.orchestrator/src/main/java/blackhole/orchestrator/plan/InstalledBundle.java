package blackhole.orchestrator.plan;

import blackhole.api.host.NodeHome;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which version of a service's bundle is in force because somebody installed it: a small file in
 * {@code HOME/bundles/SERVICE} holds the digest that its jar is named after. So whoever starts a
 * host finds it, also a later orchestrator.
 */
public final class InstalledBundle {
  private static final Logger LOG = System.getLogger(InstalledBundle.class.getName());
  private static final String CURRENT = "current";
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private InstalledBundle() {}

  /** Where a version with this digest is kept. */
  public static Path jar(NodeHome home, String service, String sha256) {
    return home.bundles().resolve(service).resolve(sha256 + ".jar");
  }

  /**
   * The jar that is in force; empty when it is the one of the launcher, or of the configuration.
   */
  static Optional<Path> find(NodeHome home, String service) {
    return digest(home, service).map(sha256 -> jar(home, service, sha256));
  }

  /** Its digest. */
  public static Optional<String> digest(NodeHome home, String service) {
    Path file = home.bundles().resolve(service).resolve(CURRENT);
    try {
      String sha256 = Files.readString(file).strip();
      if (DIGEST.matcher(sha256).matches() && Files.isRegularFile(jar(home, service, sha256))) {
        return Optional.of(sha256);
      }
      LOG.log(
          Level.ERROR,
          "{0} names no version that is there: the launcher''s or the configured one is used",
          file);
    } catch (NoSuchFileException e) {
      // nobody has installed one
    } catch (IOException e) {
      LOG.log(Level.ERROR, "cannot read " + file + ": the launcher's version is used", e);
    }
    return Optional.empty();
  }

  /**
   * Puts another one in force.
   *
   * @param sha256 empty for the one of the launcher, or of the configuration
   */
  public static void choose(NodeHome home, String service, Optional<String> sha256)
      throws IOException {
    Path directory = home.bundles().resolve(service);
    Path file = directory.resolve(CURRENT);
    if (sha256.isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    Files.createDirectories(directory);
    replace(file, sha256.get() + "\n");
  }

  /** In one step, and so that a crash of the machine leaves the old text or the new one. */
  public static void replace(Path file, String text) throws IOException {
    Path made = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(made, text);
    sync(made);
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Waits until what was written is on the disk. */
  public static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
