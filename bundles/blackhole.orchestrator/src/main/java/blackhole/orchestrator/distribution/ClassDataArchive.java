package blackhole.orchestrator.distribution;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The class-data archive of hosts: parsed and linked classes, mapped into each new JVM. On JDK 25
 * and later an AOT cache (JEP 483, 514), before that a dynamic archive (JEP 350). One belongs to
 * one JVM and one class path; a JVM that is given another one ignores it and runs all the same.
 */
public final class ClassDataArchive {
  private static final int AOT_CACHE_SINCE = 25;

  private final Path file;
  private final boolean aot;

  private ClassDataArchive(Path file, boolean aot) {
    this.file = file;
    this.aot = aot;
  }

  /** The archive of these jars for the JVM that runs now. */
  public static ClassDataArchive of(Path cache, Distribution distribution) {
    boolean aot = Runtime.version().feature() >= AOT_CACHE_SINCE;
    String key =
        String.join(
            "\n",
            System.getProperty("java.home"),
            Runtime.version().toString(),
            System.getProperty("java.vm.vendor"),
            distribution.hostClassPath());
    String name = "host-" + digest(key) + (aot ? ".aot" : ".jsa");
    return new ClassDataArchive(cache.resolve(name), aot);
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  public Path file() {
    return file;
  }

  public boolean exists() {
    return Files.isRegularFile(file);
  }

  /** The flags that use it if it is there; none otherwise. */
  public List<String> useFlags() {
    if (!exists()) {
      return List.of();
    }
    // either way a JVM that cannot use it runs without; an AOT cache bears no -Xshare beside it
    return aot
        ? List.of("-XX:AOTCache=" + file)
        : List.of("-XX:SharedArchiveFile=" + file, "-Xshare:auto");
  }

  /** The flags that make it at the end of a run, at another path: move it into place when whole. */
  public List<String> trainingFlags(Path target) {
    return List.of((aot ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + target);
  }
}
