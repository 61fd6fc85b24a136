package blackhole.identity.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.identity.call.Call;
import blackhole.identity.call.IdentityException;
import blackhole.identity.call.IdentityException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserStoreTest {
  private static final long MB = 1 << 20;
  private static final Duration LONG = Duration.ofSeconds(60);

  private final List<UserStore> stores = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @TempDir Path data;

  private UserStore open(int poolSize) throws IOException {
    UserStore store = UserStore.open(data, poolSize, 16 * MB);
    synchronized (stores) {
      stores.add(store);
    }
    return store;
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    stores.forEach(UserStore::close);
  }

  private static Call call() {
    return Call.within(LONG);
  }

  private static User user(String name) {
    return new User(
        "id-" + name,
        name,
        name,
        "hash",
        "user",
        "did:key:" + name,
        new byte[] {1, 2},
        Instant.ofEpochSecond(1000));
  }

  @Test
  void givesBackWhatItWasGivenAlsoAfterARestart() throws Exception {
    UserStore store = open(2);
    assertThat(store.insert(user("alice"), call())).isTrue();
    store.close();

    UserStore again = open(2);
    assertThat(again.findByNameKey("alice", call()))
        .hasValueSatisfying(
            found -> assertThat(found).usingRecursiveComparison().isEqualTo(user("alice")));
    assertThat(again.findByDid("did:key:alice", call())).isPresent();
    assertThat(again.findByNameKey("bob", call())).isEmpty();
    assertThat(again.findByDid("did:key:bob", call())).isEmpty();
  }

  @Test
  void takesEachNameOnce() throws Exception {
    UserStore store = open(2);
    store.insert(user("alice"), call());
    assertThat(store.insert(user("alice"), call())).isFalse();
  }

  @Test
  void replacesAHashOnlyIfItIsTheOneThatWasRead() throws Exception {
    UserStore store = open(2);
    User alice = user("alice");
    store.insert(alice, call());
    store.replaceHash(alice, "second", call());
    store.replaceHash(alice, "third", call());
    assertThat(store.findByNameKey("alice", call()).orElseThrow().passwordHash())
        .isEqualTo("second");
  }

  @Test
  void syncsEveryCommitToAWriteAheadLog() throws Exception {
    UserStore store = open(1);
    assertThat(store.pragma("journal_mode", call())).isEqualTo("wal");
    assertThat(store.pragma("synchronous", call())).isEqualTo("2"); // FULL
  }

  @Test
  void sharesTheCacheOutToTheConnections() throws Exception {
    assertThat(cacheKib(4, 16 * MB)).isEqualTo("-4096");
    assertThat(cacheKib(4, 64 * MB)).isEqualTo("-16384");
    assertThat(cacheKib(16, 16 * MB)).isEqualTo("-1024");
  }

  private String cacheKib(int poolSize, long cacheBytes) throws IOException {
    try (UserStore store = UserStore.open(data, poolSize, cacheBytes)) {
      return store.pragma("cache_size", call());
    }
  }

  @Test
  void isReadableByItsOwnerOnly() throws Exception {
    open(1).insert(user("alice"), call());
    for (String file : List.of("identity.db", "identity.db-wal", "identity.db-shm")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(file))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void leavesNothingOfItsLogWhenClosed() throws Exception {
    UserStore store = open(4);
    store.insert(user("alice"), call());
    store.close();
    assertThat(data.resolve("identity.db-wal")).doesNotExist();
    assertThat(data.resolve("identity.db")).exists();
  }

  @Test
  void loadsSqliteFromItsOwnDirectory() throws Exception {
    open(1);
    try (Stream<Path> files = Files.walk(data.resolve("native"))) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(1);
    }
    assertThat(System.getProperty("org.sqlite.lib.path")).isNull();
  }

  @Test
  void waitsForAnotherProcessesLockOnlyUntilTheDeadline() throws Exception {
    UserStore store = open(1);
    try (Connection other = connect();
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      // its clock stands still: it has its time for the lock alone, and is not over before
      Call hasty = Call.within(Duration.ofMillis(50), () -> 0);
      assertThatThrownBy(() -> store.insert(user("alice"), hasty))
          .isInstanceOfSatisfying(
              IdentityException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE))
          .hasMessageContaining("locked by another process");
      // readers do not mind
      assertThat(store.findByNameKey("alice", call())).isEmpty();
      statement.execute("ROLLBACK");
    }
    assertThat(store.insert(user("alice"), call())).isTrue();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + data.resolve("identity.db"));
  }

  @Test
  void isOpenedByManyAtOnceForTheFirstTime() throws Exception {
    int openers = 8;
    CyclicBarrier start = new CyclicBarrier(openers);
    List<Future<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < openers; i++) {
      String name = "user" + i;
      all.add(
          threads.submit(
              () -> {
                start.await();
                return open(2).insert(user(name), call());
              }));
    }
    for (Future<Boolean> one : all) {
      assertThat(one.get(60, SECONDS)).isTrue();
    }
    UserStore store = open(1);
    for (int i = 0; i < openers; i++) {
      assertThat(store.findByNameKey("user" + i, call())).isPresent();
    }
  }

  @Test
  void refusesTheDatabaseOfANewerService() throws Exception {
    open(1).close();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 99");
    }
    assertThatThrownBy(() -> open(1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("identity.db")
        .hasMessageContaining("version 99");
  }

  @Test
  void refusesWhatIsNoDatabase() throws Exception {
    Files.writeString(data.resolve("identity.db"), "not a database, but long enough to be one");
    assertThatThrownBy(() -> open(1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("identity.db")
        .hasMessageContaining("not a database");
  }

  @Test
  void saysThatItIsClosed() throws Exception {
    UserStore store = open(1);
    store.close();
    assertThatThrownBy(() -> store.probe(call()))
        .isInstanceOfSatisfying(
            IdentityException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
  }
}
