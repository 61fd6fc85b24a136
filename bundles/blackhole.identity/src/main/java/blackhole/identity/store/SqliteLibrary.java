package blackhole.identity.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Properties;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;
import org.sqlite.util.OSInfo;

/**
 * Loads SQLite's native code from one file in the service's own directory. Left alone, the driver
 * writes a copy with a random name to the system's temporary directory at each start, and every
 * {@code kill -9} leaves one behind for ever (its lock file stays, too, so the driver's own sweep
 * spares it).
 */
final class SqliteLibrary {
  private static final System.Logger LOG = System.getLogger(SqliteLibrary.class.getName());

  private SqliteLibrary() {}

  /** Does nothing if the driver is loaded already, or if it has no library for this system. */
  static synchronized void load(Path directory) throws IOException {
    String name = LibraryLoaderUtil.getNativeLibName();
    String system = OSInfo.getNativeLibFolderPathForCurrentOS().replace('/', '-');
    String version = "sqlite-" + SQLiteJDBCLoader.getVersion() + "-" + system;
    Path folder = directory.resolve(version);
    if (Files.exists(folder.resolve(name)) || unpack(folder, name)) {
      initialize(Map.of("org.sqlite.lib.path", folder.toString(), "org.sqlite.lib.name", name));
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
        // into the file that is there, which is for this user alone whatever the umask
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

  /** The driver takes its settings from system properties only, and only once. */
  private static void initialize(Map<String, String> settings) throws IOException {
    Properties before = new Properties();
    settings.forEach(
        (key, value) -> {
          String old = System.getProperty(key);
          if (old != null) {
            before.setProperty(key, old);
          } else {
            System.setProperty(key, value);
          }
        });
    try {
      if (!SQLiteJDBCLoader.initialize()) {
        throw new IOException("SQLite's native library could not be loaded");
      }
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("SQLite's native library could not be loaded: " + e.getMessage(), e);
    } finally {
      settings.keySet().stream()
          .filter(key -> !before.containsKey(key))
          .forEach(System::clearProperty);
    }
    LOG.log(System.Logger.Level.DEBUG, "SQLite {0}", SQLiteJDBCLoader.getVersion());
  }
}
