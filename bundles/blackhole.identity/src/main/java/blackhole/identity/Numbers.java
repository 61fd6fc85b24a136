package blackhole.identity;

import blackhole.identity.call.IdentityException;
import blackhole.identity.call.IdentityException.Reason;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What became of users and their tokens, since the start. Thread-safe. */
final class Numbers {
  private final LongAdder registered = new LongAdder();
  private final LongAdder loggedIn = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder throttled = new LongAdder();
  private final LongAdder validated = new LongAdder();
  private final LongAdder rejected = new LongAdder();

  /**
   * @param failure null for none
   */
  void registered(@Nullable Throwable failure) {
    if (failure == null) {
      registered.increment();
    }
  }

  /**
   * @param failure null for none
   */
  void loggedIn(@Nullable Throwable failure) {
    if (failure == null) {
      loggedIn.increment();
    } else if (reason(failure) == Reason.BAD_CREDENTIALS) {
      refused.increment();
    } else if (reason(failure) == Reason.THROTTLED) {
      throttled.increment();
    }
  }

  void validated() {
    validated.increment();
  }

  void rejected() {
    rejected.increment();
  }

  private static @Nullable Reason reason(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof IdentityException expected ? expected.reason() : null;
  }

  Map<String, Double> metrics() {
    return Map.of(
        "registrations_total", (double) registered.sum(),
        "logins_total", (double) loggedIn.sum(),
        "logins_refused_total", (double) refused.sum(),
        "logins_throttled_total", (double) throttled.sum(),
        "tokens_validated_total", (double) validated.sum(),
        "tokens_rejected_total", (double) rejected.sum());
  }
}
