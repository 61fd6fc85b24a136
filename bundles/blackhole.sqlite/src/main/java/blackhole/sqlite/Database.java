package blackhole.sqlite;

import blackhole.sqlite.Failures.Kind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.sqlite.SQLiteConnection;

/**
 * A SQLite database in WAL mode that several processes may share. Methods block, for a connection
 * and for other processes' locks, but no longer than their caller's patience, and throw what {@link
 * Failures} makes of a failure. Thread-safe.
 */
public final class Database implements AutoCloseable {
  /**
   * What waits for a lock looks again every 100 ms, and may miss its turn for seconds where others
   * write without a pause. A lock that is not to be had for longer is not worth waiting for.
   */
  private static final int MAX_BUSY_MILLIS = 30_000;

  private static final System.Logger LOG = System.getLogger(Database.class.getName());

  /** Work on a connection that nobody else uses meanwhile. */
  @FunctionalInterface
  public interface Work<T> {
    T on(SQLiteConnection connection) throws SQLException;
  }

  /**
   * @param name for people, "the user database" for example
   * @param connections how many there may be; services call the setting {@code database_pool_size}
   * @param cacheBytes for their page caches together
   */
  public record Settings(String name, int connections, long cacheBytes) {}

  private final Settings settings;
  private final Failures failures;
  private final Connections connections;
  private final Semaphore permits;

  /** SQLite has one writer; queuing here is fair and wakes at once, its busy handler polls. */
  private final Semaphore writer = new Semaphore(1, true);

  private Database(Path file, Settings settings, Failures failures) {
    this.settings = settings;
    this.failures = failures;
    this.connections = new Connections(file, settings);
    this.permits = new Semaphore(settings.connections(), true);
  }

  /**
   * Opens a database, and makes it or brings it up to date if need be.
   *
   * @param file readable by its owner only; SQLite's native code is kept in {@code native} beside
   *     it
   * @param steps the statements that made it what it is; one that was released never changes, and
   *     the next is added behind it
   * @throws IOException saying what is wrong with it
   */
  public static Database open(
      Path file, Settings settings, List<String> steps, Failures failures, Patience patience)
      throws IOException {
    try {
      SqliteLibrary.load(file.resolveSibling("native"));
      createOwnerOnly(file);
    } catch (IOException e) {
      throw new IOException("cannot open " + file + ": " + e, e);
    }
    Database database = new Database(file, settings, failures);
    try {
      database.write(
          patience,
          connection -> {
            new Schema(steps).upgrade(connection, patience);
            return true;
          });
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw new IOException("cannot open " + file + ": " + e.getMessage(), e);
    }
  }

  /** SQLite gives its journal the mode of the database. */
  private static void createOwnerOnly(Path file) throws IOException {
    if (!Files.exists(file)) {
      try {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      } catch (FileAlreadyExistsException e) {
        // another process was first
      }
    }
  }

  public <T> T read(Patience patience, Work<T> work) {
    return with(permits, patience, () -> use(patience, work));
  }

  /**
   * Like {@link #read}, one at a time. What a single statement changes is committed and synced when
   * this returns.
   */
  public <T> T write(Patience patience, Work<T> work) {
    return with(writer, patience, () -> with(permits, patience, () -> use(patience, work)));
  }

  /**
   * Does the work in a transaction, alone in all processes from before its beginning on. It is
   * committed and synced when this returns; when the work throws, nothing of it is done.
   */
  public <T> T change(Patience patience, Work<T> work) {
    return write(patience, connection -> inTransaction(connection, work));
  }

  /**
   * Like {@link #change}, but not synced: it outlives this process, and may not outlive a failure
   * of power before the next change. It costs no wait for the disk.
   */
  public <T> T changeUnsynced(Patience patience, Work<T> work) {
    return write(
        patience,
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = NORMAL");
            T result = inTransaction(connection, work);
            statement.execute("PRAGMA synchronous = FULL");
            return result; // after a failure the connection is not used again
          }
        });
  }

  /** What a connection says to a pragma; for tests and diagnosis. */
  public String pragma(String name, Patience patience) {
    return read(
        patience,
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet result = statement.executeQuery("PRAGMA " + name)) {
            return result.getString(1);
          }
        });
  }

  private static <T> T inTransaction(SQLiteConnection connection, Work<T> work)
      throws SQLException {
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

  private <T> T with(Semaphore semaphore, Patience patience, Step<T> step) {
    if (patience.isOver()) {
      throw failures.of(Kind.TIMED_OUT, "the call's time is over", null);
    }
    try {
      if (!semaphore.tryAcquire(patience.remainingNanos(), TimeUnit.NANOSECONDS)) {
        throw failures.of(
            Kind.OVERLOADED,
            "no database connection became free in time (database_pool_size is "
                + settings.connections()
                + ")",
            null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failures.of(Kind.STOPPING, "the service is stopping", e);
    }
    try {
      return step.run();
    } finally {
      semaphore.release();
    }
  }

  private <T> T use(Patience patience, Work<T> work) {
    try {
      SQLiteConnection connection = connections.take();
      if (connection == null) {
        throw failures.of(Kind.STOPPING, "the service is stopping", null);
      }
      boolean sound = false;
      try {
        connection.setBusyTimeout(busyMillis(patience));
        T result = work.on(connection);
        sound = true;
        return result;
      } finally {
        connections.giveBack(connection, sound);
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static int busyMillis(Patience patience) {
    long millis = TimeUnit.NANOSECONDS.toMillis(patience.remainingNanos()) + 1;
    return (int) Math.min(MAX_BUSY_MILLIS, millis);
  }

  private RuntimeException failed(SQLException e) {
    LOG.log(System.Logger.Level.WARNING, settings.name() + " failed", e);
    if (SqlErrors.isFull(e)) {
      return failures.of(Kind.DISK_FULL, "the disk is full", e);
    }
    String why =
        SqlErrors.isBusy(e)
            ? settings.name() + " is locked by another process"
            : settings.name() + " failed (" + e.getMessage() + ")";
    return failures.of(Kind.UNAVAILABLE, why, e);
  }

  /** Connections in use are closed when they are given back. */
  @Override
  public void close() {
    connections.close();
  }
}
