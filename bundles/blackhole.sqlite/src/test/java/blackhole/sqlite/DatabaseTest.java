package blackhole.sqlite;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.sqlite.Failures.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;

class DatabaseTest {
  private static final long MB = 1 << 20;
  private static final List<String> STEPS = List.of("CREATE TABLE names (name TEXT) STRICT");

  private final List<Database> databases = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @TempDir Path directory;

  private static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final Kind kind;

    Failure(Kind kind, String message, @Nullable Throwable cause) {
      super(message, cause);
      this.kind = kind;
    }
  }

  private record Until(long nanos) implements Patience {
    static Until after(Duration time) {
      return new Until(System.nanoTime() + time.toNanos());
    }

    @Override
    public long remainingNanos() {
      return Math.max(0, nanos - System.nanoTime());
    }

    @Override
    public boolean isOver() {
      return remainingNanos() == 0;
    }
  }

  /** Waits a moment for whatever it is, and is there still, however slow the machine. */
  private static final class Impatient implements Patience {
    @Override
    public long remainingNanos() {
      return Duration.ofMillis(20).toNanos();
    }

    @Override
    public boolean isOver() {
      return false;
    }
  }

  private static Patience patience() {
    return Until.after(Duration.ofSeconds(60));
  }

  private Database open(int connections, List<String> steps) throws IOException {
    Database database =
        Database.open(
            file(),
            new Database.Settings("the test database", connections, MB),
            steps,
            Failure::new,
            patience());
    databases.add(database);
    return database;
  }

  private Path file() {
    return directory.resolve("test.db");
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    databases.forEach(Database::close);
  }

  private static boolean insert(SQLiteConnection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate("INSERT INTO names VALUES ('" + name + "')") == 1;
    }
  }

  private static int count(Database database) {
    return database.read(
        patience(),
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.executeQuery("SELECT count(*) FROM names").getInt(1);
          }
        });
  }

  @Test
  void hasAsManyConnectionsAsConfigured() throws Exception {
    Database database = open(2, STEPS);
    CountDownLatch inUse = new CountDownLatch(2);
    CountDownLatch release = new CountDownLatch(1);
    try {
      List<Future<Boolean>> holders = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        holders.add(
            threads.submit(
                () ->
                    database.read(
                        patience(),
                        connection -> {
                          inUse.countDown();
                          return await(release);
                        })));
      }
      assertThat(inUse.await(30, SECONDS)).isTrue();
      assertThatThrownBy(() -> database.read(new Impatient(), c -> true))
          .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.kind).isEqualTo(Kind.OVERLOADED))
          .hasMessageContaining("database_pool_size is 2");

      release.countDown();
      for (Future<Boolean> holder : holders) {
        assertThat(holder.get(30, SECONDS)).isTrue();
      }
      assertThat(count(database)).isZero();
    } finally {
      release.countDown();
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(30, SECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Test
  void usesNoConnectionAgainThatFailed() throws Exception {
    Database database = open(1, STEPS);
    assertThatThrownBy(
            () ->
                database.read(
                    patience(),
                    connection -> {
                      try (Statement statement = connection.createStatement()) {
                        statement.execute("BEGIN IMMEDIATE");
                        return statement.execute("SELECT nonsense");
                      }
                    }))
        .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.kind).isEqualTo(Kind.UNAVAILABLE))
        .hasMessageContaining("the test database failed");

    // the transaction that the failed one left open is not ours
    assertThat(database.<Boolean>change(patience(), c -> insert(c, "ada"))).isTrue();
  }

  @Test
  void doesAChangeWholeOrNotAtAll() throws Exception {
    Database database = open(1, STEPS);
    assertThatThrownBy(
            () ->
                database.change(
                    patience(),
                    connection -> {
                      insert(connection, "ada");
                      throw new IllegalStateException("thought better of it");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(count(database)).isZero();

    database.change(patience(), c -> insert(c, "ada") && insert(c, "grace"));
    assertThat(count(database)).isEqualTo(2);
  }

  @Test
  void syncsAgainAfterAChangeThatDidNot() throws Exception {
    Database database = open(1, STEPS);
    database.changeUnsynced(patience(), c -> insert(c, "ada"));
    assertThat(database.pragma("synchronous", patience())).isEqualTo("2");
    assertThat(count(database)).isEqualTo(1);
  }

  @Test
  void takesTheStepsThatAreMissing() throws Exception {
    Database old = open(1, STEPS);
    old.change(patience(), c -> insert(c, "ada"));
    old.close();

    Database database = open(1, List.of(STEPS.get(0), "ALTER TABLE names ADD COLUMN age INTEGER"));
    assertThat(database.pragma("user_version", patience())).isEqualTo("2");
    assertThat(count(database)).isEqualTo(1);
  }

  @Test
  void refusesTheDatabaseOfANewerService() throws Exception {
    open(1, List.of(STEPS.get(0), "CREATE TABLE more (name TEXT) STRICT")).close();
    assertThatThrownBy(() -> open(1, STEPS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("test.db")
        .hasMessageContaining("version 2");
  }

  @Test
  void waitsForAnotherProcessesLockOnlyAsLongAsTheCaller() throws Exception {
    Database database = open(1, STEPS);
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      assertThatThrownBy(() -> database.change(new Impatient(), c -> insert(c, "ada")))
          .isInstanceOfSatisfying(
              Failure.class, e -> assertThat(e.kind).isEqualTo(Kind.UNAVAILABLE))
          .hasMessageContaining("locked by another process");
      assertThat(count(database)).isZero(); // readers do not mind
      statement.execute("ROLLBACK");
    }
    assertThat(database.<Boolean>change(patience(), c -> insert(c, "ada"))).isTrue();
  }

  @Test
  void beginsNothingForACallerWhoHasGone() throws Exception {
    Database database = open(1, STEPS);
    assertThatThrownBy(() -> database.change(Until.after(Duration.ZERO), c -> insert(c, "ada")))
        .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.kind).isEqualTo(Kind.TIMED_OUT));
    assertThat(count(database)).isZero();
  }

  @Test
  void saysThatItIsClosed() throws Exception {
    Database database = open(1, STEPS);
    database.close();
    assertThatThrownBy(() -> count(database))
        .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.kind).isEqualTo(Kind.STOPPING));
  }
}
