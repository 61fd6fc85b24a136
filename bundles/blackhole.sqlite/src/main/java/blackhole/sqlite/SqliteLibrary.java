package blackhole.sqlite;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;
import org.sqlite.util.OSInfo;

/**
 * Loads SQLite's native code from one file in the service's own directory. Left alone, the driver
 * writes a copy to the system's temporary directory at each start, and every {@code kill -9} leaves
 * one behind for ever.
 */
final class SqliteLibrary {
  private static final String PATH = "org.sqlite.lib.path";
  private static final String NAME = "org.sqlite.lib.name";

  private SqliteLibrary() {}

  /** Does nothing if the driver is loaded already, or if it has no library for this system. */
  static synchronized void load(Path directory) throws IOException {
    String name = LibraryLoaderUtil.getNativeLibName();
    String system = OSInfo.getNativeLibFolderPathForCurrentOS().replace('/', '-');
    Path folder = directory.resolve("sqlite-" + SQLiteJDBCLoader.getVersion() + "-" + system);
    boolean there = Files.exists(folder.resolve(name)) || unpack(folder, name);
    // the driver takes its settings from system properties only; what an operator set comes first
    if (there && System.getProperty(PATH) == null && System.getProperty(NAME) == null) {
      System.setProperty(PATH, folder.toString());
      System.setProperty(NAME, name);
      try {
        initialize();
      } finally {
        System.clearProperty(PATH);
        System.clearProperty(NAME);
      }
    }
  }

  /** Whole and synced before it has its name: once there it is trusted. */
  private static boolean unpack(Path folder, String name) throws IOException {
    String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
    try (InputStream library = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      if (library == null) {
        return false;
      }
      Files.createDirectories(folder);
      Path temporary = Files.createTempFile(folder, ".tmp-", "");
      try {
        try (OutputStream out = Files.newOutputStream(temporary)) {
          library.transferTo(out);
        }
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
        Files.move(temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
      return true;
    }
  }

  private static void initialize() throws IOException {
    try {
      if (!SQLiteJDBCLoader.initialize()) {
        throw new IOException("SQLite's native library could not be loaded");
      }
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("SQLite's native library could not be loaded: " + e.getMessage(), e);
    }
  }
}
