package blackhole.sqlite.outbox;

import blackhole.api.events.Event;
import blackhole.api.events.Payload;
import blackhole.api.observe.TraceContext;
import blackhole.sqlite.Database;
import blackhole.sqlite.Patience;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.security.SecureRandom;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.sqlite.SQLiteConnection;

/**
 * Events that wait to be published, in a table of the service's own database, in the order in which
 * what they tell was committed. Several processes may share it. Methods block and throw as {@link
 * Database} does. Thread-safe.
 *
 * <p>It is bounded, as the node may have no event stream, or one that is broken for good: what is
 * oldest goes. Refusing the fact instead would make every call depend on the stream.
 */
public final class Outbox {
  /** For {@link Database#open}, behind the service's own steps. */
  public static final List<String> SCHEMA =
      List.of(
          """
          -- events that were not acknowledged yet; no sequence is given twice
          CREATE TABLE outbox (
            sequence  INTEGER PRIMARY KEY AUTOINCREMENT,
            nonce     INTEGER NOT NULL,
            type      TEXT NOT NULL,
            time      INTEGER NOT NULL,
            data_type TEXT NOT NULL,
            data      BLOB NOT NULL
          ) STRICT
          """,
          """
          -- W3C's traceparent of what made the fact; empty for what nobody records
          ALTER TABLE outbox ADD COLUMN trace TEXT NOT NULL DEFAULT ''
          """);

  /** How many may wait: some 20 MB of them. */
  private static final int LIMIT = 100_000;

  private static final System.Logger LOG = System.getLogger(Outbox.class.getName());

  private final Database database;
  private final int limit;
  private final SecureRandom random = new SecureRandom();
  private final AtomicLong dropped = new AtomicLong();
  private volatile boolean dropping;
  private volatile Runnable listener = () -> {};

  /**
   * @param database opened with {@link #SCHEMA}
   */
  public Outbox(Database database) {
    this(database, LIMIT);
  }

  Outbox(Database database, int limit) {
    this.database = database;
    this.limit = limit;
  }

  /**
   * An event that waits.
   *
   * @param sequence its place in the outbox, from 1, without a gap
   * @param trace of what made the fact, as a {@link TraceContext#header}; empty where none is
   *     recorded
   */
  record Entry(long sequence, Event event, String trace) {}

  /**
   * Adds an event within the change that makes it a fact; it has to be one that is synced. Say
   * {@link #changed} when that is committed. It belongs to the trace that is current.
   *
   * @param time when it happened
   */
  public void add(SQLiteConnection connection, String type, Message data, Instant time)
      throws SQLException {
    Payload payload = Payload.of(data);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO outbox (nonce, type, time, data_type, data, trace)"
                + " VALUES (?, ?, ?, ?, ?, ?) RETURNING sequence")) {
      insert.setLong(1, random.nextLong());
      insert.setString(2, type);
      insert.setLong(3, time.toEpochMilli());
      insert.setString(4, payload.typeUrl());
      insert.setBytes(5, payload.bytes().toByteArray());
      insert.setString(6, trace());
      drop(connection, sequence(insert) - limit);
    }
  }

  private static String trace() {
    TraceContext current = TraceContext.current();
    return current != null && current.sampled() ? current.header() : "";
  }

  private static long sequence(PreparedStatement insert) throws SQLException {
    try (ResultSet row = insert.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private void drop(SQLiteConnection connection, long through) throws SQLException {
    int gone = delete(connection, through);
    if (gone == 0) {
      return;
    }
    dropped.addAndGet(gone);
    if (!dropping) {
      dropping = true; // said once, until events are published again
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} events wait to be published, which is the limit: the oldest are dropped from now on",
          limit);
    }
  }

  private static int delete(SQLiteConnection connection, long through) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM outbox WHERE sequence <= ?")) {
      delete.setLong(1, through);
      return delete.executeUpdate();
    }
  }

  /** Wakes up who publishes. Returns at once. */
  public void changed() {
    listener.run();
  }

  /**
   * @param listener called after each change of this process, by its thread; must return at once
   */
  void onChange(Runnable listener) {
    this.listener = listener;
  }

  /** Those that wait longest, in order. */
  List<Entry> oldest(int count, Patience patience) {
    return database.read(
        patience,
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT sequence, nonce, type, time, data_type, data, trace FROM outbox"
                      + " ORDER BY sequence LIMIT ?")) {
            select.setInt(1, count);
            List<Entry> entries = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                entries.add(new Entry(row.getLong(1), event(row), row.getString(7)));
              }
            }
            return entries;
          }
        });
  }

  /**
   * The sequence alone would come again when a backup of the database is restored, and the stream
   * would take what is new for what it has.
   */
  private static Event event(ResultSet row) throws SQLException {
    String id = row.getLong(1) + "-" + HexFormat.of().toHexDigits(row.getLong(2));
    return Event.of(id, row.getString(3))
        .withTime(Instant.ofEpochMilli(row.getLong(4)))
        .withData(new Payload(row.getString(5), ByteString.copyFrom(row.getBytes(6))));
  }

  /**
   * Clears all up to this one: they were acknowledged. Not synced, as the stream knows an event
   * that comes again.
   */
  void clear(long through, Patience patience) {
    dropping = false;
    int unused = database.changeUnsynced(patience, connection -> delete(connection, through));
  }

  /** How many wait. */
  long size(Patience patience) {
    return database.read(
        patience,
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row =
                  statement.executeQuery(
                      "SELECT coalesce((SELECT max(sequence) FROM outbox)"
                          + " - (SELECT min(sequence) FROM outbox) + 1, 0)")) {
            return row.getLong(1);
          }
        });
  }

  /** How many were dropped by this process. */
  long dropped() {
    return dropped.get();
  }
}
