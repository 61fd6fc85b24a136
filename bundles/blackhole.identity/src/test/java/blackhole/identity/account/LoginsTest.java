package blackhole.identity.account;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.identity.MutableClock;
import blackhole.identity.call.Call;
import blackhole.identity.call.IdentityException;
import blackhole.identity.call.IdentityException.Reason;
import blackhole.identity.did.DidKey;
import blackhole.identity.key.KeyDirectory;
import blackhole.identity.key.KeySeal;
import blackhole.identity.password.Argon2Hasher;
import blackhole.identity.password.HashBudget;
import blackhole.identity.password.HashCost;
import blackhole.identity.password.HashQueue;
import blackhole.identity.password.PasswordHash;
import blackhole.identity.password.Passwords;
import blackhole.identity.store.User;
import blackhole.identity.store.UserStore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link Accounts} and {@link Logins} together, on a real store. */
class LoginsTest {
  private static final HashCost CHEAP = new HashCost(64, 1, 1);
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final SecureRandom random = new SecureRandom();
  private final List<HashCost> hashed = new ArrayList<>();
  private final AtomicLong nanoTime = new AtomicLong();

  private UserStore users;
  private HashQueue hashes;
  private KeySeal seal;
  private Accounts accounts;
  private Logins logins;

  @TempDir Path data;

  @BeforeEach
  void open() throws IOException {
    users = UserStore.open(data, 2, 1 << 20);
    hashes = new HashQueue(new HashBudget(64 << 20, 1), 1000, timer);
    seal = KeySeal.open(KeyDirectory.open(data.resolve("keys")), random);
    use(CHEAP);
  }

  private void use(HashCost cost) {
    Argon2Hasher argon2 = new Argon2Hasher();
    Passwords passwords =
        new Passwords(
            (password, salt, actualCost, length) -> {
              synchronized (hashed) {
                hashed.add(actualCost);
              }
              return argon2.hash(password, salt, actualCost, length);
            },
            cost,
            random);
    accounts = new Accounts(users, passwords, hashes, seal, new MutableClock(), random);
    logins = new Logins(users, passwords, hashes, timer, nanoTime::get);
  }

  @AfterEach
  void close() {
    hashes.close();
    timer.shutdownNow();
    users.close();
  }

  private User register(String name, String password) throws Exception {
    return accounts.register(name, password, Call.within(LONG)).get(30, SECONDS);
  }

  private User login(String name, String password) throws Exception {
    return logins.authenticate(name, password, Call.within(LONG)).get(30, SECONDS);
  }

  private static IdentityException failure(CompletableFuture<?> future) throws Exception {
    try {
      future.get(30, SECONDS);
      throw new AssertionError("it did not fail");
    } catch (ExecutionException e) {
      return (IdentityException) e.getCause();
    }
  }

  private IdentityException failedLogin(String name, String password) throws Exception {
    return failure(logins.authenticate(name, password, Call.within(LONG)));
  }

  @Test
  void letsInWhoRegistered() throws Exception {
    User alice = register("Alice", "correct horse");
    assertThat(login("alice", "correct horse").id()).isEqualTo(alice.id());
    assertThat(login("ALICE", "correct horse").did()).isEqualTo(alice.did());
    assertThat(alice.role()).isEqualTo("user");
  }

  @Test
  void givesEachUserADidWithAPrivateKeyThatOnlyTheSealOpens() throws Exception {
    User alice = register("alice", "correct horse");
    User bob = register("bob", "correct horse");
    assertThat(alice.did()).isNotEqualTo(bob.did());
    var privateKey = new Ed25519PrivateKeyParameters(seal.open(alice.id(), alice.sealedKey()));
    assertThat(DidKey.ofEd25519(privateKey.generatePublicKey().getEncoded()).id())
        .isEqualTo(alice.did());
  }

  @Test
  void letsOnlyOneHaveAName() throws Exception {
    register("alice", "correct horse");
    IdentityException failure =
        failure(accounts.register("ALICE", "battery staple", Call.within(LONG)));
    assertThat(failure.reason()).isEqualTo(Reason.NAME_TAKEN);
    assertThat(login("alice", "correct horse")).isNotNull();
  }

  @Test
  void letsOnlyOneHaveANameWhenManyAskAtOnce() throws Exception {
    List<CompletableFuture<User>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(accounts.register("alice", "password " + i, Call.within(LONG)));
    }
    AtomicInteger won = new AtomicInteger();
    for (CompletableFuture<User> one : all) {
      if (one.handle((user, failure) -> failure == null).get(30, SECONDS)) {
        won.incrementAndGet();
      } else {
        assertThat(failure(one).reason()).isEqualTo(Reason.NAME_TAKEN);
      }
    }
    assertThat(won).hasValue(1);
  }

  @Test
  void namesEveryFieldThatIsWrong() throws Exception {
    IdentityException failure = failure(accounts.register("a b", "short", Call.within(LONG)));
    assertThat(failure.reason()).isEqualTo(Reason.INVALID_REQUEST);
    assertThat(failure.violations())
        .extracting(IdentityException.Violation::field)
        .containsExactly("username", "password");
    assertThat(hashed).isEmpty();
  }

  @Test
  void boundsPasswordsByCharactersBelowAndBytesAbove() throws Exception {
    register("eight", "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9");
    register("thousand", "x".repeat(1024));
    assertThat(login("thousand", "x".repeat(1024))).isNotNull();
    for (String password : List.of("1234567", "\ud83d\ude00".repeat(7), "x".repeat(1025))) {
      assertThat(failure(accounts.register("other", password, Call.within(LONG))).violations())
          .hasSize(1);
    }
  }

  @Test
  void tellsAWrongPasswordAndAnUnknownUserApartInNothing() throws Exception {
    register("alice", "correct horse");
    hashed.clear();
    IdentityException wrong = failedLogin("alice", "battery staple");
    List<HashCost> forWrong = List.copyOf(hashed);
    hashed.clear();
    for (String nobody : List.of("bob", "", "no such user", "x".repeat(5000))) {
      IdentityException unknown = failedLogin(nobody, "battery staple");
      assertThat(unknown.reason()).isEqualTo(wrong.reason()).isEqualTo(Reason.BAD_CREDENTIALS);
      assertThat(unknown).hasMessage(wrong.getMessage());
      assertThat(hashed).isEqualTo(forWrong).containsExactly(CHEAP);
      hashed.clear();
    }
  }

  @Test
  void doesTheSameWorkForAPasswordThatIsTooLongForAny() throws Exception {
    register("alice", "x".repeat(1024));
    hashed.clear();
    assertThat(failedLogin("alice", "x".repeat(1_000_000)).reason())
        .isEqualTo(Reason.BAD_CREDENTIALS);
    assertThat(hashed).containsExactly(CHEAP);
  }

  @Test
  void renewsTheHashWhenTheCostHasChanged() throws Exception {
    register("alice", "correct horse");
    HashCost dearer = new HashCost(128, 2, 1);
    use(dearer);
    hashed.clear();

    login("alice", "correct horse");
    assertThat(hashed).containsExactly(CHEAP, dearer);
    String stored = users.findByNameKey("alice", Call.within(LONG)).orElseThrow().passwordHash();
    assertThat(PasswordHash.parse(stored).cost()).isEqualTo(dearer);

    hashed.clear();
    login("alice", "correct horse");
    assertThat(hashed).containsExactly(dearer);
  }

  @Test
  void doesNotRenewTheHashForAWrongPassword() throws Exception {
    register("alice", "correct horse");
    use(new HashCost(128, 2, 1));
    failedLogin("alice", "battery staple");
    String stored = users.findByNameKey("alice", Call.within(LONG)).orElseThrow().passwordHash();
    assertThat(PasswordHash.parse(stored).cost()).isEqualTo(CHEAP);
  }

  @Test
  void slowsDownGuessesAlikeForUsersAndNobodies() throws Exception {
    register("alice", "correct horse");
    hashed.clear();
    for (String name : List.of("alice", "nobody")) {
      for (int i = 0; i < LoginThrottle.FREE_FAILURES; i++) {
        assertThat(failedLogin(name, "guess " + i).reason()).isEqualTo(Reason.BAD_CREDENTIALS);
      }
      hashed.clear();
      // no time to wait: refused, with no hash; even if the password is right. Its clock stands
      // still too, or it might be over before it gets there
      Call hasty = Call.within(Duration.ofMillis(100), nanoTime::get);
      IdentityException refused = failure(logins.authenticate(name, "correct horse", hasty));
      assertThat(refused.reason()).isEqualTo(Reason.THROTTLED);
      assertThat(refused.retryAfter()).contains(LoginThrottle.FIRST_DELAY);
      assertThat(hashed).isEmpty();
    }
    // with time it waits, and gets in
    assertThat(login("alice", "correct horse")).isNotNull();
    assertThat(failedLogin("nobody", "correct horse").reason()).isEqualTo(Reason.BAD_CREDENTIALS);
  }

  @Test
  void looksAtFewOfManyGuessesThatAreSentAtOnce() throws Exception {
    register("alice", "correct horse");
    hashed.clear();
    List<CompletableFuture<User>> guesses = new ArrayList<>();
    // the throttle's clock stands still, so none that must wait has its turn within this call
    Call call = Call.within(Duration.ofMillis(400));
    for (int i = 0; i < 100; i++) {
      guesses.add(logins.authenticate("alice", "guess " + i, call));
    }
    for (CompletableFuture<User> guess : guesses) {
      assertThat(failure(guess).reason())
          .isIn(Reason.BAD_CREDENTIALS, Reason.THROTTLED, Reason.TIMED_OUT);
    }
    assertThat(hashed.size()).isLessThanOrEqualTo(LoginThrottle.FREE_FAILURES);
  }

  @Test
  void storesNobodyForACallerThatHasGone() throws Exception {
    Call call = Call.within(LONG);
    call.cancel();
    assertThat(failure(accounts.register("alice", "correct horse", call)).reason())
        .isIn(Reason.TIMED_OUT);
    assertThat(users.findByNameKey("alice", Call.within(LONG))).isEmpty();
  }
}
