package blackhole.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

/** Connections to one database, opened when they are first needed. Thread-safe; doesn't wait. */
final class Connections implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Connections.class.getName());

  private final SQLiteDataSource source;
  private final Object lock = new Object();

  // guarded by lock
  private final Deque<SQLiteConnection> idle = new ArrayDeque<>();
  private boolean closed;

  Connections(Path file, Database.Settings settings) {
    SQLiteConfig config = new SQLiteConfig();
    // in WAL mode: every commit is synced before it returns
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    // negative: in KiB, not in pages
    long kib = settings.cacheBytes() / settings.connections() / 1024;
    config.setCacheSize((int) -Math.max(1, kib));
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
  }

  /** Returns null when closed. */
  @Nullable SQLiteConnection take() throws SQLException {
    synchronized (lock) {
      if (closed) {
        return null;
      }
      SQLiteConnection connection = idle.poll();
      if (connection != null) {
        return connection;
      }
    }
    return (SQLiteConnection) source.getConnection();
  }

  /**
   * @param sound false after an error: the connection may be within a transaction or worse, so it
   *     is not used again
   */
  void giveBack(SQLiteConnection connection, boolean sound) {
    synchronized (lock) {
      if (sound && !closed) {
        idle.push(connection);
        return;
      }
    }
    close(connection);
  }

  /** Those in use are closed when they are given back. */
  @Override
  public void close() {
    Deque<SQLiteConnection> dropped;
    synchronized (lock) {
      closed = true;
      dropped = new ArrayDeque<>(idle);
      idle.clear();
    }
    dropped.forEach(Connections::close);
  }

  private static void close(SQLiteConnection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.WARNING, "a database connection could not be closed", e);
    }
  }
}
