package blackhole.ledger.store;

import blackhole.ledger.call.Call;
import blackhole.ledger.call.LedgerException;
import blackhole.ledger.call.LedgerException.Reason;
import blackhole.ledger.entry.Draft;
import blackhole.ledger.merkle.Frontier;
import blackhole.ledger.merkle.Hash;
import blackhole.ledger.merkle.Nodes;
import blackhole.sqlite.Database;
import blackhole.sqlite.Failures;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * What is made of the log, in a SQLite database: where each entry is, whose it is, and the hashes
 * of the tree. It never has more than what is synced in the log, so it also tells what must be
 * there. A failure of power may take the last of it, which is then made anew from the log. Methods
 * block, but no longer than their call's deadline, and throw {@link LedgerException}. Thread-safe.
 */
final class EntryIndex implements AutoCloseable {
  static final String NAME = "index.db";
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(15);

  private static final List<String> SCHEMA =
      List.of(
          """
          CREATE TABLE entries (
            entry   INTEGER PRIMARY KEY,
            offset  INTEGER NOT NULL,
            size    INTEGER NOT NULL,
            account TEXT NOT NULL,
            key     TEXT NOT NULL
          ) STRICT
          """,
          """
          CREATE INDEX entries_of_accounts ON entries (account, entry)
          """,
          """
          CREATE INDEX entries_by_key ON entries (account, key)
          """,
          """
          -- the hashes of complete subtrees, numbered in the order in which they became complete
          CREATE TABLE nodes (
            node INTEGER PRIMARY KEY,
            hash BLOB NOT NULL
          ) STRICT
          """);

  private static final String LOCATED =
      "SELECT entry, offset, size, hash FROM entries JOIN nodes"
          // the number of the entry's own node; SQLite has no bit count, so it is given
          + " ON node = ?2 WHERE entry = ?1";

  private final Database database;

  private EntryIndex(Database database) {
    this.database = database;
  }

  /**
   * @throws IOException saying what is wrong with the database
   */
  static EntryIndex open(Path directory, int poolSize, long cacheBytes) throws IOException {
    Database.Settings settings = new Database.Settings("the ledger's index", poolSize, cacheBytes);
    return new EntryIndex(
        Database.open(
            directory.resolve(NAME),
            settings,
            SCHEMA,
            EntryIndex::failure,
            Call.within(OPEN_LIMIT)));
  }

  private static LedgerException failure(
      Failures.Kind kind, String message, @Nullable Throwable cause) {
    Reason reason =
        switch (kind) {
          case TIMED_OUT -> Reason.TIMED_OUT;
          case OVERLOADED -> Reason.OVERLOADED;
          case DISK_FULL -> Reason.DISK_FULL;
          case STOPPING, UNAVAILABLE -> Reason.STORE_UNAVAILABLE;
        };
    return new LedgerException(reason, message, cause);
  }

  /**
   * Nodes are numbered as they become complete: an entry's own, then those that end with it. Before
   * leaf {@code n} there are n leaves, and as many inner nodes less one for each complete subtree
   * that is not part of another yet.
   */
  static long node(int level, long index) {
    long last = ((index + 1) << level) - 1;
    return 2 * last - Long.bitCount(last) + level;
  }

  /** What an entry adds. */
  record Row(Located located, Draft draft, List<Frontier.Completed> completed) {}

  /** Adds entries behind the last one, all or none. */
  void add(List<Row> rows, Call call) {
    database.changeUnsynced(
        call,
        connection -> {
          try (PreparedStatement entries =
                  connection.prepareStatement(
                      "INSERT INTO entries (entry, offset, size, account, key)"
                          + " VALUES (?, ?, ?, ?, ?)");
              PreparedStatement nodes =
                  connection.prepareStatement("INSERT INTO nodes (node, hash) VALUES (?, ?)")) {
            for (Row row : rows) {
              entries.setLong(1, row.located().index());
              entries.setLong(2, row.located().offset());
              entries.setInt(3, row.located().size());
              entries.setString(4, row.draft().account());
              entries.setString(5, row.draft().key());
              entries.executeUpdate();
              for (Frontier.Completed completed : row.completed()) {
                nodes.setLong(1, node(completed.level(), completed.index()));
                nodes.setBytes(2, completed.hash().bytes());
                nodes.executeUpdate();
              }
            }
          }
          return true;
        });
  }

  /** How many entries it has. */
  long size(Call call) {
    return database.read(
        call,
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement("SELECT max(entry) FROM entries");
              ResultSet row = select.executeQuery()) {
            long last = row.getLong(1);
            return row.wasNull() ? 0 : last + 1;
          }
        });
  }

  Optional<Located> find(long index, Call call) {
    return database.read(call, connection -> find(connection, index));
  }

  private static Optional<Located> find(SQLiteConnection connection, long index)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(LOCATED)) {
      select.setLong(1, index);
      select.setLong(2, node(0, index));
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Located(row.getLong(1), row.getLong(2), row.getInt(3), hash(row.getBytes(4))))
            : Optional.empty();
      }
    }
  }

  private static Hash hash(byte[] bytes) throws SQLException {
    if (bytes.length != Hash.SIZE) {
      throw new SQLException("it has a hash of " + bytes.length + " bytes");
    }
    return Hash.of(bytes);
  }

  /** The entry that an account's key stands for. */
  OptionalLong find(String account, String key, Call call) {
    return database.read(
        call,
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT entry FROM entries WHERE account = ? AND key = ? ORDER BY entry LIMIT 1")) {
            select.setString(1, account);
            select.setString(2, key);
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
          }
        });
  }

  /**
   * @param account empty for all
   * @param from the first entry that may be meant
   * @param limit how many at most
   */
  List<Located> list(String account, long from, int limit, Call call) {
    String condition = account.isEmpty() ? "" : " AND account = ?3";
    return database.read(
        call,
        connection -> {
          List<Long> found = new ArrayList<>();
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT entry FROM entries WHERE entry >= ?1"
                      + condition
                      + " ORDER BY entry LIMIT ?2")) {
            select.setLong(1, from);
            select.setInt(2, limit);
            if (!account.isEmpty()) {
              select.setString(3, account);
            }
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                found.add(row.getLong(1));
              }
            }
          }
          List<Located> located = new ArrayList<>();
          for (long index : found) {
            find(connection, index).ifPresent(located::add);
          }
          return located;
        });
  }

  /**
   * Work with the tree's hashes, on one connection.
   *
   * @throws LedgerException also when one is missing that the work asks for
   */
  <T> T withNodes(Call call, Function<Nodes, T> work) {
    return database.read(
        call,
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement("SELECT hash FROM nodes WHERE node = ?")) {
            return work.apply((level, index) -> hash(select, level, index));
          }
        });
  }

  private static Hash hash(PreparedStatement select, int level, long index) {
    try {
      select.setLong(1, node(level, index));
      try (ResultSet row = select.executeQuery()) {
        if (row.next()) {
          return hash(row.getBytes(1));
        }
      }
    } catch (SQLException e) {
      throw new LedgerException(
          Reason.STORE_UNAVAILABLE, "the ledger's index failed (" + e.getMessage() + ")", e);
    }
    throw new LedgerException(
        Reason.STORE_UNAVAILABLE,
        "the ledger's index lacks a hash; stop the service and delete " + NAME);
  }

  @Override
  public void close() {
    database.close();
  }
}
