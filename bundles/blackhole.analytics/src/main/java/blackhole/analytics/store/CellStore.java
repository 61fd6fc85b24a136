package blackhole.analytics.store;

import blackhole.analytics.count.Cell;
import blackhole.analytics.count.CellKey;
import blackhole.analytics.count.Window;
import blackhole.sqlite.Database;
import blackhole.sqlite.Failures;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sqlite.SQLiteConnection;

/**
 * Cells, and the position that they are of, in one database: both change in one transaction or not
 * at all, so whatever moment the process ends at, what is found again is the counts of exactly the
 * events up to that position. Methods block, and throw {@link StoreException}. Thread-safe.
 */
final class CellStore implements AutoCloseable {
  private static final int CONNECTIONS = 4;
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(30);

  /** What was released never changes; the next step is added behind. */
  private static final List<String> SCHEMA =
      List.of(
          "CREATE TABLE cell ("
              + "span INTEGER NOT NULL, start INTEGER NOT NULL, type TEXT NOT NULL,"
              + " data BLOB NOT NULL, PRIMARY KEY (span, start, type)) WITHOUT ROWID",
          "CREATE TABLE type (name TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID",
          "CREATE TABLE saved (one INTEGER PRIMARY KEY CHECK (one = 1),"
              + " position INTEGER NOT NULL, events INTEGER NOT NULL)",
          "INSERT INTO saved VALUES (1, 0, 0)",
          "ALTER TABLE saved ADD COLUMN name TEXT NOT NULL DEFAULT ''");

  /** Is told of cells in the order of their starts, then types. */
  interface Visitor {
    /** Returns whether to go on. */
    boolean visit(CellKey key, ResultSet row) throws SQLException;
  }

  private final Database database;

  private CellStore(Database database) {
    this.database = database;
  }

  /**
   * @throws IOException naming the file that cannot be opened
   */
  static CellStore open(Path directory, long cacheBytes) throws IOException {
    return new CellStore(
        Database.open(
            directory.resolve("analytics.db"),
            new Database.Settings("the database of counts", CONNECTIONS, cacheBytes),
            SCHEMA,
            StoreException::new,
            Within.of(OPEN_LIMIT)));
  }

  Saved saved(Within patience) {
    return database.read(
        patience,
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT position, events, name FROM saved")) {
            row.next();
            return new Saved(row.getLong(1), row.getLong(2), row.getString(3));
          }
        });
  }

  /** The types that are told apart. */
  Set<String> types(Within patience) {
    return database.read(
        patience,
        connection -> {
          Set<String> types = new HashSet<>();
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT name FROM type")) {
            while (row.next()) {
              types.add(row.getString(1));
            }
          }
          return types;
        });
  }

  Optional<Cell> find(CellKey key, Within patience) {
    return database.read(
        patience,
        connection -> {
          try (PreparedStatement statement =
              connection.prepareStatement(
                  "SELECT data FROM cell WHERE span = ? AND start = ? AND type = ?")) {
            set(statement, key);
            try (ResultSet row = statement.executeQuery()) {
              return row.next()
                  ? Optional.of(Cell.decode(row.getBytes(1)))
                  : Optional.<Cell>empty();
            }
          }
        });
  }

  /** All of it or nothing, and on disk when this returns. */
  void save(Map<CellKey, byte[]> cells, Saved saved, Within patience) {
    database.change(
        patience,
        connection -> {
          try (PreparedStatement cell =
                  connection.prepareStatement("INSERT OR REPLACE INTO cell VALUES (?, ?, ?, ?)");
              PreparedStatement type =
                  connection.prepareStatement(
                      "INSERT INTO type VALUES (?, ?) ON CONFLICT (name)"
                          + " DO UPDATE SET last = max(last, excluded.last)");
              PreparedStatement one =
                  connection.prepareStatement(
                      "UPDATE saved SET position = ?, events = ?, name = ?")) {
            for (Map.Entry<CellKey, byte[]> entry : cells.entrySet()) {
              set(cell, entry.getKey());
              cell.setBytes(4, entry.getValue());
              cell.executeUpdate();
              type.setString(1, entry.getKey().type());
              type.setLong(2, entry.getKey().start());
              type.executeUpdate();
            }
            one.setLong(1, saved.position());
            one.setLong(2, saved.events());
            one.setString(3, saved.name());
            return one.executeUpdate();
          }
        });
  }

  private static void set(PreparedStatement statement, CellKey key) throws SQLException {
    statement.setInt(1, key.window().code());
    statement.setLong(2, key.start());
    statement.setString(3, key.type());
  }

  /**
   * Windows that begin before these times go, and types that had nothing since any of them.
   *
   * @return the types that went
   */
  Set<String> forget(Map<Window, Long> before, Within patience) {
    long last = before.values().stream().mapToLong(Long::longValue).min().orElse(0);
    return database.change(
        patience,
        connection -> {
          try (PreparedStatement cell =
              connection.prepareStatement("DELETE FROM cell WHERE span = ? AND start < ?")) {
            for (Map.Entry<Window, Long> entry : before.entrySet()) {
              cell.setInt(1, entry.getKey().code());
              cell.setLong(2, entry.getValue());
              cell.executeUpdate();
            }
          }
          return forgetTypes(connection, last);
        });
  }

  private static Set<String> forgetTypes(SQLiteConnection connection, long last)
      throws SQLException {
    Set<String> gone = new HashSet<>();
    try (PreparedStatement type =
        connection.prepareStatement("DELETE FROM type WHERE last < ? RETURNING name")) {
      type.setLong(1, last);
      try (ResultSet row = type.executeQuery()) {
        while (row.next()) {
          gone.add(row.getString(1));
        }
      }
    }
    return gone;
  }

  /**
   * Visits the cells of windows that begin in a range.
   *
   * @param withData whether {@link #cell} is wanted of them
   */
  void visit(
      Window window, long from, long to, boolean withData, Within patience, Visitor visitor) {
    database.read(
        patience,
        connection -> {
          try (PreparedStatement statement =
              connection.prepareStatement(
                  "SELECT start, type"
                      + (withData ? ", data" : "")
                      + " FROM cell WHERE span = ? AND start >= ? AND start < ?"
                      + " ORDER BY start, type")) {
            statement.setInt(1, window.code());
            statement.setLong(2, from);
            statement.setLong(3, to);
            try (ResultSet row = statement.executeQuery()) {
              boolean more = true;
              while (more && row.next()) {
                if (patience.isOver()) {
                  throw new StoreException(
                      Failures.Kind.TIMED_OUT, "the call's time is over", null);
                }
                more = visitor.visit(new CellKey(window, row.getLong(1), row.getString(2)), row);
              }
              return more;
            }
          }
        });
  }

  /** The cell of a row that is visited with its data. */
  static Cell cell(ResultSet row) throws SQLException {
    return Cell.decode(row.getBytes(3));
  }

  /** Work that is going on is finished. */
  @Override
  public void close() {
    database.close();
  }
}
