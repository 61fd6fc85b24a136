package blackhole.sqlite;

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
  private final List<String> steps;

  /**
   * @param steps statements; one that was released is never changed
   */
  Schema(List<String> steps) {
    this.steps = List.copyOf(steps);
  }

  /**
   * @throws SQLException also if a newer version of the service wrote the database
   */
  void upgrade(SQLiteConnection connection, Patience patience) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      enableWriteAheadLog(statement, patience);
      if (version(statement) == steps.size()) {
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

  private void apply(Statement statement) throws SQLException {
    int version = version(statement); // again: another process may have been first
    if (version > steps.size()) {
      throw new SQLException(
          "the database has version "
              + version
              + ", but this service knows only up to "
              + steps.size()
              + "; use the newer service, or restore a backup");
    }
    for (String step : steps.subList(version, steps.size())) {
      statement.execute(step);
    }
    statement.execute("PRAGMA user_version = " + steps.size());
  }

  /**
   * The mode stays with the file. Of two processes that set it at once, SQLite refuses one without
   * a wait, so that one waits for the other's lock and tries again.
   */
  private static void enableWriteAheadLog(Statement statement, Patience patience)
      throws SQLException {
    while (true) {
      try {
        statement.execute("PRAGMA journal_mode = WAL");
        return;
      } catch (SQLException e) {
        if (!SqlErrors.isBusy(e) || patience.isOver()) {
          throw e;
        }
      }
      try {
        statement.execute("BEGIN IMMEDIATE");
        statement.execute("ROLLBACK");
      } catch (SQLException e) {
        if (!SqlErrors.isBusy(e) || patience.isOver()) {
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
