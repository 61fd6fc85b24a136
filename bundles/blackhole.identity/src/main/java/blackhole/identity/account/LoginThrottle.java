package blackhole.identity.account;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Slows down guessing. After {@link #FREE_FAILURES} failures in a row for a name, an attempt waits
 * until a delay has passed since the last failure before its password is looked at, right or wrong;
 * the delay doubles with each further failure, up to {@link #MAX_DELAY}. It makes no difference
 * whether a user of that name exists.
 *
 * <p>A name is never locked, or a stranger could lock its owner out: the owner waits {@link
 * #MAX_DELAY} at most and gets in, unless somebody keeps all {@link #WAITING_PER_NAME} places
 * taken. What waits costs no thread and no hash. A bounded number of names is remembered; beyond
 * it, the one that failed least recently is forgotten first.
 *
 * <p>Thread-safe; time is monotonic.
 */
final class LoginThrottle {
  static final int FREE_FAILURES = 3;
  static final Duration FIRST_DELAY = Duration.ofMillis(500);
  static final Duration MAX_DELAY = Duration.ofSeconds(8);

  /** A name that did not fail for this long has a clean sheet. */
  static final Duration MEMORY = Duration.ofMinutes(15);

  static final int WAITING_PER_NAME = 8;
  static final int WAITING_IN_ALL = 256;

  private final int maxNames;
  private final LongSupplier nanoTime;
  private final Object lock = new Object();

  /** Guarded by lock; in the order of the last failure. */
  private final Map<String, Failures> byName = new LinkedHashMap<>();

  /** Guarded by lock. */
  private int waitingInAll;

  /** Guarded by lock. */
  private static final class Failures {
    private int count;
    private long lastNanos;
    private int waiting;
  }

  /**
   * The answer to an attempt.
   *
   * @param isRefused there is no place to wait, or no time; try again after the wait
   * @param waitNanos how long to wait before the password may be looked at
   */
  record Admission(boolean isRefused, long waitNanos, int count, @Nullable Failures failures) {}

  LoginThrottle(int maxNames, LongSupplier nanoTime) {
    this.maxNames = maxNames;
    this.nanoTime = nanoTime;
  }

  /**
   * Asks for a turn. If it has a wait, {@link #waited} must be told when that is over.
   *
   * @param patienceNanos the longest wait that makes sense
   */
  Admission admit(String name, long patienceNanos) {
    synchronized (lock) {
      long now = nanoTime.getAsLong();
      Failures failures = remembered(name, now);
      if (failures == null) {
        return new Admission(false, 0, 0, null);
      }
      long delay = delay(failures.count).toNanos();
      long wait = Math.max(0, failures.lastNanos + delay - now);
      if (wait == 0) {
        return new Admission(false, 0, failures.count, failures);
      }
      if (wait > patienceNanos
          || failures.waiting >= WAITING_PER_NAME
          || waitingInAll >= WAITING_IN_ALL) {
        return new Admission(true, wait, failures.count, failures);
      }
      failures.waiting++;
      waitingInAll++;
      return new Admission(false, wait, failures.count, failures);
    }
  }

  /** The wait of an admission is over. */
  void waited(Admission admission) {
    synchronized (lock) {
      if (admission.failures() != null) {
        admission.failures().waiting--;
        waitingInAll--;
      }
    }
  }

  /**
   * Whether others have failed since an attempt was admitted without a wait, so that it has to wait
   * after all: else a thousand guesses sent at once would all be free. Asked when a hash begins.
   */
  boolean isOvertaken(String name, Admission admission) {
    synchronized (lock) {
      Failures failures = remembered(name, nanoTime.getAsLong());
      return failures != null
          && admission.waitNanos() == 0
          && failures.count > admission.count()
          && failures.count >= FREE_FAILURES;
    }
  }

  void failed(String name) {
    synchronized (lock) {
      long now = nanoTime.getAsLong();
      Failures known = remembered(name, now);
      Failures failures = known == null ? new Failures() : known;
      failures.count++;
      failures.lastNanos = now;
      byName.remove(name); // to the end of the order
      byName.put(name, failures);
      forgetOldest();
    }
  }

  void succeeded(String name) {
    synchronized (lock) {
      byName.remove(name);
    }
  }

  int size() {
    synchronized (lock) {
      return byName.size();
    }
  }

  private @Nullable Failures remembered(String name, long now) {
    Failures failures = byName.get(name);
    if (failures != null && now - failures.lastNanos >= MEMORY.toNanos()) {
      byName.remove(name);
      return null;
    }
    return failures;
  }

  private void forgetOldest() {
    Iterator<Failures> oldest = byName.values().iterator();
    while (byName.size() > maxNames) {
      oldest.next();
      oldest.remove();
    }
  }

  /** How long after this many failures in a row the next password is looked at. */
  static Duration delay(int failures) {
    if (failures < FREE_FAILURES) {
      return Duration.ZERO;
    }
    int doublings = Math.min(failures - FREE_FAILURES, 30);
    Duration delay = FIRST_DELAY.multipliedBy(1L << doublings);
    return delay.compareTo(MAX_DELAY) < 0 ? delay : MAX_DELAY;
  }
}
