package blackhole.sqlite.outbox;

import blackhole.sqlite.Database;
import com.google.protobuf.Empty;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.sqlite.SQLiteConnection;

/** A service's data: facts, each with an event, in one database. */
final class TestData implements AutoCloseable {
  static final Instant TIME = Instant.ofEpochMilli(1234);

  final Database database;
  final Outbox outbox;

  TestData(Path directory, int limit) throws IOException {
    this(directory, limit, Outbox.SCHEMA);
  }

  /**
   * @param schema of the outbox
   */
  TestData(Path directory, int limit, List<String> schema) throws IOException {
    database =
        Database.open(
            directory.resolve("facts.db"),
            new Database.Settings("the facts", 2, 1 << 20),
            Stream.concat(Stream.of("CREATE TABLE facts (name TEXT) STRICT"), schema.stream())
                .toList(),
            (kind, message, cause) -> new IllegalStateException(message, cause),
            patience());
    outbox = new Outbox(database, limit);
  }

  static Limit patience() {
    return Limit.of(Duration.ofSeconds(60));
  }

  void add(String fact) {
    boolean unused =
        database.change(
            patience(),
            connection -> {
              insert(connection, fact);
              return true;
            });
    outbox.changed();
  }

  /** Within a change. */
  void insert(SQLiteConnection connection, String fact) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO facts VALUES ('" + fact + "')");
    }
    outbox.add(connection, fact, Empty.getDefaultInstance(), TIME);
  }

  List<String> waiting() {
    return outbox.oldest(1000, patience()).stream().map(entry -> entry.event().type()).toList();
  }

  @Override
  public void close() {
    database.close();
  }
}
