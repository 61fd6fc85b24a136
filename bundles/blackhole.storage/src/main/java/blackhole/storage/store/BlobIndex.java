package blackhole.storage.store;

import blackhole.sqlite.Database;
import blackhole.sqlite.Failures;
import blackhole.sqlite.outbox.Outbox;
import blackhole.storage.call.Call;
import blackhole.storage.call.StorageException;
import blackhole.storage.call.StorageException.Reason;
import blackhole.storage.cid.Cid;
import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * What blobs there are, in a SQLite database that several processes may share. Methods block, but
 * no longer than their call's deadline, and throw {@link StorageException} ({@link
 * Reason#OVERLOADED}, {@link Reason#STORE_UNAVAILABLE}, {@link Reason#DISK_FULL}). Thread-safe.
 */
final class BlobIndex implements AutoCloseable {
  private static final String FILE = "storage.db";
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(15);

  private static final List<String> OWN_SCHEMA =
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

  private static final List<String> SCHEMA =
      Stream.concat(OWN_SCHEMA.stream(), Outbox.SCHEMA.stream()).toList();

  private static final String COLUMNS = "cid, size, stored_at, incarnation, damage";

  private final Path directory;
  private final Database database;
  private final Outbox outbox;

  private BlobIndex(Path directory, Database database) {
    this.directory = directory;
    this.database = database;
    this.outbox = new Outbox(database);
  }

  /**
   * Opens the database in a directory, and makes it or brings it up to date if need be.
   *
   * @throws IOException saying what is wrong with it
   */
  static BlobIndex open(Path directory, int poolSize, long cacheBytes) throws IOException {
    Path file = directory.resolve(FILE);
    Database.Settings settings = new Database.Settings("the blob index", poolSize, cacheBytes);
    return new BlobIndex(
        directory,
        Database.open(file, settings, SCHEMA, BlobIndex::failure, Call.within(OPEN_LIMIT)));
  }

  private static StorageException failure(
      Failures.Kind kind, String message, @Nullable Throwable cause) {
    Reason reason =
        switch (kind) {
          case TIMED_OUT -> Reason.TIMED_OUT;
          case OVERLOADED -> Reason.OVERLOADED;
          case DISK_FULL -> Reason.DISK_FULL;
          case STOPPING, UNAVAILABLE -> Reason.STORE_UNAVAILABLE;
        };
    return cause == null
        ? new StorageException(reason, message)
        : new StorageException(reason, message, cause);
  }

  /** What can be done within a change; see {@link #change}. */
  record Transaction(SQLiteConnection connection, Outbox outbox) {
    Optional<Blob> find(Cid cid) throws SQLException {
      return BlobIndex.find(connection, cid);
    }

    /** Instead of what was there under this name; its file is then where it belongs. */
    void put(Blob blob) throws SQLException {
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT OR REPLACE INTO blobs (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?)")) {
        insert.setString(1, blob.cid().text());
        insert.setLong(2, blob.size());
        insert.setLong(3, blob.storedAt().getEpochSecond());
        insert.setLong(4, blob.incarnation());
        insert.setString(5, blob.damage());
        insert.executeUpdate();
      }
    }

    void remove(Cid cid) throws SQLException {
      update("DELETE FROM blobs WHERE cid = ?", cid);
    }

    /** Tells the event stream, if this change is committed; it has to be a synced one. */
    void tell(String type, Message data, Instant time) throws SQLException {
      outbox.add(connection, type, data, time);
    }

    boolean isUnsettled(Cid cid) throws SQLException {
      try (PreparedStatement select =
          connection.prepareStatement("SELECT 1 FROM unsettled WHERE cid = ?")) {
        select.setString(1, cid.text());
        return select.executeQuery().next();
      }
    }

    void unsettle(Cid cid) throws SQLException {
      update("INSERT OR IGNORE INTO unsettled (cid) VALUES (?)", cid);
    }

    void settle(Cid cid) throws SQLException {
      update("DELETE FROM unsettled WHERE cid = ?", cid);
    }

    private void update(String sql, Cid cid) throws SQLException {
      try (PreparedStatement update = connection.prepareStatement(sql)) {
        update.setString(1, cid.text());
        update.executeUpdate();
      }
    }
  }

  /** Work within a change. */
  interface Change<T> {
    T in(Transaction transaction) throws SQLException, IOException;
  }

  /**
   * Changes the index, alone in all processes that share it: so files may be moved within, too. It
   * is committed and synced when this returns; when the work throws, the index stays as it was.
   */
  <T> T change(Call call, Change<T> work) {
    T result = database.change(call, connection -> in(connection, work));
    outbox.changed();
    return result;
  }

  /**
   * Like {@link #change}, for what a failure of power may undo: no wait for the disk. No process
   * that is killed undoes it.
   */
  <T> T changeUnsynced(Call call, Change<T> work) {
    return database.changeUnsynced(call, connection -> in(connection, work));
  }

  private <T> T in(SQLiteConnection connection, Change<T> work) throws SQLException {
    try {
      return work.in(new Transaction(connection, outbox));
    } catch (IOException e) {
      throw IoFailure.of(e, directory);
    }
  }

  /** What is to be told of its changes. */
  Outbox outbox() {
    return outbox;
  }

  Optional<Blob> find(Cid cid, Call call) {
    return database.read(call, connection -> find(connection, cid));
  }

  private static Optional<Blob> find(SQLiteConnection connection, Cid cid) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT " + COLUMNS + " FROM blobs WHERE cid = ?")) {
      select.setString(1, cid.text());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(blob(row)) : Optional.empty();
      }
    }
  }

  /**
   * @param after the names begin behind this one
   * @param limit how many at most
   */
  List<Blob> list(String after, int limit, Call call) {
    return database.read(
        call,
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT " + COLUMNS + " FROM blobs WHERE cid > ? ORDER BY cid LIMIT ?")) {
            select.setString(1, after);
            select.setInt(2, limit);
            List<Blob> blobs = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                blobs.add(blob(row));
              }
            }
            return blobs;
          }
        });
  }

  List<Cid> unsettled(Call call) {
    return database.read(
        call,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement("SELECT cid FROM unsettled");
              ResultSet row = select.executeQuery()) {
            List<Cid> names = new ArrayList<>();
            while (row.next()) {
              names.add(new Cid(row.getString(1)));
            }
            return names;
          }
        });
  }

  /** Unless it was removed or stored anew since it was read. */
  void markDamaged(Blob blob, String damage, Call call) {
    change(
        call,
        transaction -> {
          Optional<Blob> now = transaction.find(blob.cid());
          if (now.isPresent() && now.get().incarnation() == blob.incarnation()) {
            transaction.put(
                new Blob(blob.cid(), blob.size(), blob.storedAt(), blob.incarnation(), damage));
          }
          return true;
        });
  }

  /** How many are known to be damaged. */
  int damaged(Call call) {
    return database.read(
        call,
        connection -> {
          try (PreparedStatement count =
              connection.prepareStatement("SELECT count(*) FROM blobs WHERE damage != ''")) {
            return count.executeQuery().getInt(1);
          }
        });
  }

  /** What a connection of the pool says to a pragma; for tests and diagnosis. */
  String pragma(String name, Call call) {
    return database.pragma(name, call);
  }

  private static Blob blob(ResultSet row) throws SQLException {
    return new Blob(
        new Cid(row.getString(1)),
        row.getLong(2),
        Instant.ofEpochSecond(row.getLong(3)),
        row.getLong(4),
        row.getString(5));
  }

  @Override
  public void close() {
    database.close();
  }
}
