package blackhole.identity.store;

import blackhole.identity.call.Call;
import blackhole.identity.call.IdentityException;
import blackhole.identity.call.IdentityException.Reason;
import blackhole.identity.v1.DidCreated;
import blackhole.sqlite.Database;
import blackhole.sqlite.Failures;
import blackhole.sqlite.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The users, in a SQLite database that several processes may share. A change is committed and
 * synced when its method returns. Methods block, but no longer than their call's deadline, and
 * throw {@link IdentityException} ({@link Reason#OVERLOADED}, {@link Reason#UNAVAILABLE}).
 * Thread-safe.
 */
public final class UserStore implements AutoCloseable {
  private static final String FILE = "identity.db";
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(15);

  private static final List<String> OWN_SCHEMA =
      List.of(
          """
          CREATE TABLE users (
            id            TEXT PRIMARY KEY,
            name          TEXT NOT NULL,
            name_key      TEXT NOT NULL UNIQUE,
            password_hash TEXT NOT NULL,
            role          TEXT NOT NULL,
            did           TEXT NOT NULL UNIQUE,
            sealed_key    BLOB NOT NULL,
            created_at    INTEGER NOT NULL
          ) STRICT
          """);

  private static final List<String> SCHEMA =
      Stream.concat(OWN_SCHEMA.stream(), Outbox.SCHEMA.stream()).toList();

  private static final String COLUMNS =
      "id, name, name_key, password_hash, role, did, sealed_key, created_at";

  private final Database database;
  private final Outbox outbox;

  private UserStore(Database database) {
    this.database = database;
    this.outbox = new Outbox(database);
  }

  /**
   * Opens the database in a directory, and makes it or brings it up to date if need be.
   *
   * @param poolSize how many connections there may be
   * @param cacheBytes for their page caches together
   * @throws IOException saying what is wrong with it
   */
  public static UserStore open(Path directory, int poolSize, long cacheBytes) throws IOException {
    Path file = directory.resolve(FILE);
    Database.Settings settings = new Database.Settings("the user database", poolSize, cacheBytes);
    return new UserStore(
        Database.open(file, settings, SCHEMA, UserStore::failure, Call.within(OPEN_LIMIT)));
  }

  private static IdentityException failure(
      Failures.Kind kind, String message, @Nullable Throwable cause) {
    Reason reason =
        switch (kind) {
          case TIMED_OUT -> Reason.TIMED_OUT;
          case OVERLOADED -> Reason.OVERLOADED;
          case DISK_FULL, STOPPING, UNAVAILABLE -> Reason.UNAVAILABLE;
        };
    return cause == null
        ? new IdentityException(reason, message)
        : new IdentityException(reason, message, cause);
  }

  /**
   * Adds a user, and tells the event stream so: {@code did.created}.
   *
   * @return false if the name is taken
   */
  public boolean insert(User user, Call call) {
    boolean inserted =
        database.change(
            call,
            connection -> {
              if (!insert(connection, user)) {
                return false;
              }
              outbox.add(connection, "did.created", created(user), user.createdAt());
              return true;
            });
    outbox.changed();
    return inserted;
  }

  private static DidCreated created(User user) {
    return DidCreated.newBuilder()
        .setDid(user.did())
        .setUserId(user.id())
        .setRole(user.role())
        .build();
  }

  private static boolean insert(SQLiteConnection connection, User user) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO users (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, user.id());
      insert.setString(2, user.name());
      insert.setString(3, user.nameKey());
      insert.setString(4, user.passwordHash());
      insert.setString(5, user.role());
      insert.setString(6, user.did());
      insert.setBytes(7, user.sealedKey());
      insert.setLong(8, user.createdAt().getEpochSecond());
      return insert.executeUpdate() == 1;
    } catch (SQLiteException e) {
      if (e.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE) {
        return false;
      }
      throw e;
    }
  }

  public Optional<User> findByNameKey(String nameKey, Call call) {
    return find("name_key", nameKey, call);
  }

  public Optional<User> findByDid(String did, Call call) {
    return find("did", did, call);
  }

  /** Replaces a password hash, unless it has been replaced since it was read. */
  public void replaceHash(User user, String passwordHash, Call call) {
    database.write(
        call,
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?")) {
            update.setString(1, passwordHash);
            update.setString(2, user.id());
            update.setString(3, user.passwordHash());
            return update.executeUpdate();
          }
        });
  }

  /** What the event stream is to be told. */
  public Outbox outbox() {
    return outbox;
  }

  /** Reads a little; returns if that works, throws as the other methods do if it does not. */
  public void probe(Call call) {
    database.read(
        call,
        connection -> {
          try (PreparedStatement probe =
              connection.prepareStatement("SELECT id FROM users LIMIT 1")) {
            return probe.executeQuery().next();
          }
        });
  }

  private Optional<User> find(String column, String value, Call call) {
    return database.read(call, connection -> find(connection, column, value));
  }

  private static Optional<User> find(SQLiteConnection connection, String column, String value)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT " + COLUMNS + " FROM users WHERE " + column + " = ?")) {
      select.setString(1, value);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(user(row)) : Optional.empty();
      }
    }
  }

  private static User user(ResultSet row) throws SQLException {
    return new User(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getBytes(7),
        Instant.ofEpochSecond(row.getLong(8)));
  }

  /** What a connection of the pool says to a pragma; for tests and diagnosis. */
  public String pragma(String name, Call call) {
    return database.pragma(name, call);
  }

  @Override
  public void close() {
    database.close();
  }
}
