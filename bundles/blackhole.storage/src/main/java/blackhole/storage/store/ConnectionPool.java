package blackhole.storage.store;

import blackhole.storage.call.Call;
import blackhole.storage.call.StorageException;
import blackhole.storage.call.StorageException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A bounded number of connections to one SQLite database, opened when they are first needed. Waits
 * for a connection, and for other processes' locks, no longer than the call's deadline.
 * Thread-safe; a connection is used by one thread at a time.
 */
final class ConnectionPool implements AutoCloseable {
  /** A lock that another process holds longer than this is not worth waiting for. */
  private static final int MAX_BUSY_MILLIS = 5_000;

  private static final System.Logger LOG = System.getLogger(ConnectionPool.class.getName());

  /** Work on a connection. */
  interface Work<T> {
    T on(SQLiteConnection connection) throws SQLException, IOException;
  }

  private final Path file;
  private final SQLiteDataSource source;
  private final int size;
  private final Semaphore permits;

  /** SQLite has one writer; queuing here is fair and wakes at once, its busy handler polls. */
  private final Semaphore writer = new Semaphore(1, true);

  private final Object lock = new Object();

  // guarded by lock
  private final Deque<SQLiteConnection> idle = new ArrayDeque<>();
  private boolean closed;

  /**
   * @param cacheBytes for the page caches of all connections together
   */
  ConnectionPool(Path file, int size, long cacheBytes) {
    this.file = file;
    this.size = size;
    this.permits = new Semaphore(size, true);
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(MAX_BUSY_MILLIS);
    // in WAL mode: every commit is synced before it returns
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    // negative: in KiB, not in pages
    config.setCacheSize((int) -Math.max(1, cacheBytes / size / 1024));
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
  }

  <T> T read(Call call, Work<T> work) {
    return with(permits, call, () -> use(call, work));
  }

  /** Like {@link #read}, one at a time. */
  <T> T write(Call call, Work<T> work) {
    return with(writer, call, () -> with(permits, call, () -> use(call, work)));
  }

  /**
   * Does the work in a transaction, alone in all processes from before its beginning on. It is
   * committed and synced when this returns; when the work throws, nothing of it is done.
   */
  <T> T change(Call call, Work<T> work) {
    return write(call, connection -> inTransaction(connection, work));
  }

  /**
   * Like {@link #change}, but not synced: it outlives this process, and may not outlive a failure
   * of power before the next change. It costs no wait for the disk.
   */
  <T> T changeUnsynced(Call call, Work<T> work) {
    return write(
        call,
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = NORMAL");
            T result = inTransaction(connection, work);
            statement.execute("PRAGMA synchronous = FULL");
            return result; // after a failure the connection is not used again
          }
        });
  }

  private static <T> T inTransaction(SQLiteConnection connection, Work<T> work)
      throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      boolean committed = false;
      try {
        T result = work.on(connection);
        statement.execute("COMMIT");
        committed = true;
        return result;
      } finally {
        if (!committed) {
          rollBack(statement);
        }
      }
    }
  }

  /** SQLite has done it by itself after some errors; the connection is then not used again. */
  private static void rollBack(Statement statement) {
    try {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "nothing was rolled back", e);
    }
  }

  private interface Step<T> {
    T run();
  }

  private <T> T with(Semaphore semaphore, Call call, Step<T> step) {
    if (call.isOver()) {
      throw StorageException.timedOut();
    }
    try {
      if (!semaphore.tryAcquire(call.remainingNanos(), TimeUnit.NANOSECONDS)) {
        throw new StorageException(
            Reason.OVERLOADED,
            "no database connection became free in time (database_pool_size is " + size + ")");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(Reason.STORE_UNAVAILABLE, "the storage service is stopping", e);
    }
    try {
      return step.run();
    } finally {
      semaphore.release();
    }
  }

  private <T> T use(Call call, Work<T> work) {
    try {
      SQLiteConnection connection = take();
      boolean sound = false;
      try {
        connection.setBusyTimeout(call.remainingMillis(MAX_BUSY_MILLIS));
        T result = work.on(connection);
        sound = true;
        return result;
      } finally {
        giveBack(connection, sound);
      }
    } catch (SQLException e) {
      throw failure(e);
    } catch (IOException e) {
      throw IoFailure.of(e, file.resolveSibling("."));
    }
  }

  private SQLiteConnection take() throws SQLException {
    synchronized (lock) {
      if (closed) {
        throw StorageException.stopping();
      }
      SQLiteConnection connection = idle.poll();
      if (connection != null) {
        return connection;
      }
    }
    return (SQLiteConnection) source.getConnection();
  }

  /** After an error a connection may be within a transaction or worse, so it is not used again. */
  private void giveBack(SQLiteConnection connection, boolean sound) {
    synchronized (lock) {
      if (sound && !closed) {
        idle.push(connection);
        return;
      }
    }
    close(connection);
  }

  /** Connections in use are closed when they are given back. */
  @Override
  public void close() {
    Deque<SQLiteConnection> dropped;
    synchronized (lock) {
      closed = true;
      dropped = new ArrayDeque<>(idle);
      idle.clear();
    }
    dropped.forEach(ConnectionPool::close);
  }

  private static void close(SQLiteConnection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.WARNING, "a database connection could not be closed", e);
    }
  }

  private static StorageException failure(SQLException e) {
    LOG.log(System.Logger.Level.WARNING, "the blob index failed", e);
    if (isCode(e, SQLiteErrorCode.SQLITE_FULL)) {
      return new StorageException(Reason.DISK_FULL, "the disk is full", e);
    }
    String why =
        isBusy(e)
            ? "the blob index is locked by another process"
            : "the blob index failed (" + e.getMessage() + ")";
    return new StorageException(Reason.STORE_UNAVAILABLE, why, e);
  }

  static boolean isBusy(SQLException e) {
    return isCode(e, SQLiteErrorCode.SQLITE_BUSY);
  }

  private static boolean isCode(SQLException e, SQLiteErrorCode code) {
    return e instanceof SQLiteException failure
        && (failure.getResultCode().code & 0xff) == code.code;
  }
}
