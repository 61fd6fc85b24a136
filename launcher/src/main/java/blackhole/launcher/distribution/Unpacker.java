package blackhole.launcher.distribution;

import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.distribution.DistributionIndex;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Puts the jars that this launcher carries into a home's {@code lib}, once per version. Files are
 * named by content and never change: what is there with the right size is left alone, what is not
 * is written beside it and renamed, so two launchers may do this at once and a crash leaves no half
 * file in use.
 */
public final class Unpacker {
  private static final String CARRIED = "/carried/";

  /** A class-data archive remembers its jars' times: they must be the same in every home. */
  private static final FileTime TIME = FileTime.fromMillis(1_767_225_600_000L);

  private Unpacker() {}

  /** The index in this launcher's jar. */
  public static DistributionIndex carried() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = open("index.properties")) {
      properties.load(in);
    }
    return new DistributionIndex(properties);
  }

  /** Unpacks what is missing. */
  public static Distribution unpack(Path lib) throws IOException {
    DistributionIndex index = carried();
    Files.createDirectories(lib);
    for (Map.Entry<String, Long> jar : index.jars().entrySet()) {
      if (!isWhole(lib.resolve(jar.getKey()), jar.getValue())) {
        unpack(lib, List.of(jar.getKey()));
      }
    }
    // last: an index that is there stands for jars that are there
    Path indexFile = lib.resolve(index.fileName());
    if (!Files.exists(indexFile)) {
      write("index.properties", indexFile);
    }
    // a class-data archive knows its jars by their paths: homes that share a lib share archives
    return new Distribution(lib.toRealPath(), index);
  }

  /** Unpacks these jars into a folder that is there. */
  static void unpack(Path folder, List<String> jars) throws IOException {
    for (String jar : jars) {
      write("lib/" + jar, folder.resolve(jar));
    }
  }

  private static boolean isWhole(Path file, long sizeBytes) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) == sizeBytes;
  }

  private static void write(String resource, Path target) throws IOException {
    Path temporary = Files.createTempFile(target.resolveSibling(""), ".unpack-", ".tmp");
    try {
      try (InputStream in = open(resource)) {
        Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.setLastModifiedTime(temporary, TIME);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static InputStream open(String resource) throws IOException {
    InputStream in = Unpacker.class.getResourceAsStream(CARRIED + resource);
    if (in == null) {
      throw new IOException("this launcher lacks " + resource + "; build it anew");
    }
    return in;
  }
}
