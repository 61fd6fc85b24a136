package blackhole.storage.store;

import blackhole.storage.call.Call;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConnection;

/**
 * The database's tables, as a list of steps; {@code PRAGMA user_version} says how many were taken.
 * Several processes may bring the same database up to date at once.
 */
final class Schema {
  /** A step, once released, is never changed: add another. */
  private static final List<String> STEPS =
      List.of(
          """
          -- what is stored; incarnation is another number each time it is
          CREATE TABLE blobs (
            cid         TEXT PRIMARY KEY,
            size        INTEGER NOT NULL,
            stored_at   INTEGER NOT NULL,
            incarnation INTEGER NOT NULL,
            damage      TEXT NOT NULL
          ) STRICT, WITHOUT ROWID
          """,
          """
          CREATE INDEX damaged_blobs ON blobs (cid) WHERE damage != ''
          """,
          """
          -- names whose file may be there without being in blobs: about to be published or removed
          CREATE TABLE unsettled (
            cid TEXT PRIMARY KEY
          ) STRICT, WITHOUT ROWID
          """);

  static final int VERSION = STEPS.size();

  private Schema() {}

  /**
   * @throws SQLException also if a newer version of the service wrote the database
   */
  static void upgrade(SQLiteConnection connection, Call call) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      enableWriteAheadLog(statement, call);
      if (version(statement) == VERSION) {
        return;
      }
      statement.execute("BEGIN IMMEDIATE");
      try {
        apply(statement);
        statement.execute("COMMIT");
      } catch (SQLException e) {
        statement.execute("ROLLBACK");
        throw e;
      }
    }
  }

  private static void apply(Statement statement) throws SQLException {
    int version = version(statement); // again: another process may have been first
    if (version > VERSION) {
      throw new SQLException(
          "the database has version "
              + version
              + ", but this service knows only up to "
              + VERSION
              + "; use the newer service, or restore a backup");
    }
    for (String step : STEPS.subList(version, VERSION)) {
      statement.execute(step);
    }
    statement.execute("PRAGMA user_version = " + VERSION);
  }

  /**
   * The mode stays with the file. Of two processes that set it at once, SQLite refuses one without
   * a wait, so that one waits for the other's lock and tries again.
   */
  private static void enableWriteAheadLog(Statement statement, Call call) throws SQLException {
    while (true) {
      try {
        statement.execute("PRAGMA journal_mode = WAL");
        return;
      } catch (SQLException e) {
        if (!ConnectionPool.isBusy(e) || call.isOver()) {
          throw e;
        }
      }
      try {
        statement.execute("BEGIN IMMEDIATE");
        statement.execute("ROLLBACK");
      } catch (SQLException e) {
        if (!ConnectionPool.isBusy(e) || call.isOver()) {
          throw e;
        }
      }
    }
  }

  private static int version(Statement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery("PRAGMA user_version")) {
      result.next();
      return result.getInt(1);
    }
  }
}
