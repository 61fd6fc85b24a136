package blackhole.identity.account;

import blackhole.identity.account.LoginThrottle.Admission;
import blackhole.identity.call.Call;
import blackhole.identity.call.IdentityException;
import blackhole.identity.call.IdentityException.Reason;
import blackhole.identity.password.HashQueue;
import blackhole.identity.password.PasswordHash;
import blackhole.identity.password.Passwords;
import blackhole.identity.store.User;
import blackhole.identity.store.UserStore;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Checks users' passwords. A wrong password and an unknown name take the same way: the same wait,
 * the same place in the queue, a hash of the same cost, the same failure. Thread-safe.
 */
public final class Logins implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Logins.class.getName());
  private static final int REMEMBERED_NAMES = 10_000;

  private final UserStore users;
  private final Passwords passwords;
  private final HashQueue hashes;
  private final LoginThrottle throttle;
  private final ScheduledExecutorService timer;

  /** The turns of attempts that wait; few, since the throttle bounds them. */
  private final Set<CompletableFuture<Void>> turns = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  /**
   * @param timer for attempts that have to wait; not closed here
   */
  public Logins(
      UserStore users,
      Passwords passwords,
      HashQueue hashes,
      ScheduledExecutorService timer,
      LongSupplier nanoTime) {
    this.users = users;
    this.passwords = passwords;
    this.hashes = hashes;
    this.timer = timer;
    this.throttle = new LoginThrottle(REMEMBERED_NAMES, nanoTime);
  }

  /**
   * @return the user; fails with an {@link IdentityException}: {@link Reason#BAD_CREDENTIALS},
   *     {@link Reason#THROTTLED} if a wait is due that the call has no time or no place for, or as
   *     {@link HashQueue} and {@link UserStore} fail
   */
  public CompletableFuture<User> authenticate(String name, String password, Call call) {
    String key = Username.of(name).key();
    // too long for any user's; not kept in memory while it waits
    boolean hopeless = password.length() > Accounts.MAX_PASSWORD_BYTES;
    try {
      Optional<User> user = users.findByNameKey(key, call);
      return new Attempt(key, hopeless ? "" : password, hopeless ? Optional.empty() : user, call)
          .admit();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Attempts that wait for their turn fail. Those that are being checked are not touched. */
  @Override
  public void close() {
    closed = true;
    turns.forEach(Logins::stop);
  }

  private static void stop(CompletableFuture<Void> turn) {
    turn.completeExceptionally(
        new IdentityException(Reason.UNAVAILABLE, "the identity service is stopping"));
  }

  /** One try of one password. */
  private final class Attempt {
    private final String key;
    private final String password;
    private final Optional<User> user;
    private final Optional<PasswordHash> expected;
    private final Call call;

    Attempt(String key, String password, Optional<User> user, Call call) {
      this.key = key;
      this.password = password;
      this.user = user;
      this.expected = user.map(known -> PasswordHash.parse(known.passwordHash()));
      this.call = call;
    }

    CompletableFuture<User> admit() {
      Admission admission = throttle.admit(key, call.remainingNanos());
      if (admission.isRefused()) {
        return CompletableFuture.failedFuture(
            IdentityException.throttled(Duration.ofNanos(admission.waitNanos())));
      }
      if (admission.waitNanos() == 0) {
        return check(admission);
      }
      return turn(admission).thenCompose(now -> check(admission));
    }

    private CompletableFuture<Void> turn(Admission admission) {
      CompletableFuture<Void> turn = new CompletableFuture<>();
      turns.add(turn);
      if (closed) {
        stop(turn); // close() may have looked before this one was there
        return turn;
      }
      var alarm =
          timer.schedule(() -> turn.complete(null), admission.waitNanos(), TimeUnit.NANOSECONDS);
      return turn.whenComplete(
          (now, failure) -> {
            alarm.cancel(false);
            turns.remove(turn);
            throttle.waited(admission);
          });
    }

    private CompletableFuture<User> check(Admission admission) {
      if (call.isOver()) {
        return CompletableFuture.failedFuture(
            IdentityException.timedOut("the deadline passed before the password was checked"));
      }
      return hashes
          .submit(memoryBytes(), call, () -> verify(admission))
          .thenCompose(
              verdict ->
                  verdict == Verdict.OVERTAKEN
                      ? admit()
                      : CompletableFuture.completedFuture(user.orElseThrow()));
    }

    private Verdict verify(Admission admission) {
      if (throttle.isOvertaken(key, admission)) {
        return Verdict.OVERTAKEN;
      }
      if (!passwords.matches(password, expected)) {
        throttle.failed(key);
        throw new IdentityException(
            Reason.BAD_CREDENTIALS, "the username or the password is wrong");
      }
      throttle.succeeded(key);
      rehashIfOutdated();
      return Verdict.RIGHT;
    }

    /** Only now is the password known to be right, and only here is it at hand. */
    private void rehashIfOutdated() {
      if (expected.isEmpty() || !passwords.isOutdated(expected.get())) {
        return;
      }
      try {
        users.replaceHash(user.orElseThrow(), passwords.hash(password).toPhc(), call);
      } catch (IdentityException e) {
        // the next login tries again
        LOG.log(System.Logger.Level.WARNING, "a password hash could not be renewed", e);
      }
    }

    private long memoryBytes() {
      long current = passwords.cost().memoryBytes();
      long stored = expected.map(hash -> hash.cost().memoryBytes()).orElse(0L);
      return Math.max(current, stored);
    }
  }

  private enum Verdict {
    RIGHT,
    OVERTAKEN
  }
}
