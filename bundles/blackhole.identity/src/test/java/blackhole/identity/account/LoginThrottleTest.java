package blackhole.identity.account;

import static blackhole.identity.account.LoginThrottle.FREE_FAILURES;
import static blackhole.identity.account.LoginThrottle.MAX_DELAY;
import static blackhole.identity.account.LoginThrottle.MEMORY;
import static blackhole.identity.account.LoginThrottle.WAITING_IN_ALL;
import static blackhole.identity.account.LoginThrottle.WAITING_PER_NAME;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.identity.account.LoginThrottle.Admission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {
  private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

  /** Close to where a monotonic clock may wrap around. */
  private long now = Long.MAX_VALUE - 1;

  private final LoginThrottle throttle = new LoginThrottle(100, () -> now);

  private void fail(String name, int times) {
    for (int i = 0; i < times; i++) {
      throttle.failed(name);
    }
  }

  private Duration waitFor(String name) {
    Admission admission = throttle.admit(name, PATIENCE);
    if (admission.waitNanos() > 0 && !admission.isRefused()) {
      throttle.waited(admission);
    }
    return Duration.ofNanos(admission.waitNanos());
  }

  @Test
  void doublesTheDelayWithEachFailureUpToABound() {
    List<Duration> delays = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      delays.add(waitFor("alice"));
      fail("alice", 1);
    }
    assertThat(delays)
        .extracting(Duration::toMillis)
        .containsExactly(0L, 0L, 0L, 500L, 1000L, 2000L, 4000L, 8000L, 8000L);
    fail("alice", 1_000_000);
    assertThat(waitFor("alice")).isEqualTo(MAX_DELAY);
  }

  @Test
  void countsTheDelayFromTheLastFailure() {
    fail("alice", FREE_FAILURES);
    now += Duration.ofMillis(200).toNanos();
    assertThat(waitFor("alice")).isEqualTo(Duration.ofMillis(300));
    now += Duration.ofMillis(300).toNanos();
    assertThat(waitFor("alice")).isEqualTo(Duration.ZERO);
  }

  @Test
  void touchesNoOtherName() {
    fail("alice", 10);
    assertThat(waitFor("bob")).isEqualTo(Duration.ZERO);
  }

  @Test
  void givesACleanSheetAfterASuccess() {
    fail("alice", 10);
    throttle.succeeded("alice");
    assertThat(waitFor("alice")).isEqualTo(Duration.ZERO);
    fail("alice", 1);
    assertThat(waitFor("alice")).isEqualTo(Duration.ZERO);
  }

  @Test
  void givesACleanSheetAfterALongTime() {
    fail("alice", 10);
    now += MEMORY.toNanos();
    fail("alice", 1);
    assertThat(waitFor("alice")).isEqualTo(Duration.ZERO);
  }

  @Test
  void neverLocksANameOut() {
    fail("alice", 1000);
    assertThat(throttle.admit("alice", MAX_DELAY.toNanos()).isRefused()).isFalse();
  }

  @Test
  void refusesAtOnceWhoHasNoTimeToWaitAndSaysHowLong() {
    fail("alice", FREE_FAILURES);
    Admission admission = throttle.admit("alice", Duration.ofMillis(499).toNanos());
    assertThat(admission.isRefused()).isTrue();
    assertThat(admission.waitNanos()).isEqualTo(Duration.ofMillis(500).toNanos());
  }

  @Test
  void letsOnlyAFewWaitForOneName() {
    fail("alice", FREE_FAILURES);
    List<Admission> waiting = new ArrayList<>();
    for (int i = 0; i < WAITING_PER_NAME; i++) {
      waiting.add(throttle.admit("alice", PATIENCE));
    }
    assertThat(waiting).noneMatch(Admission::isRefused);
    assertThat(throttle.admit("alice", PATIENCE).isRefused()).isTrue();
    throttle.waited(waiting.get(0));
    assertThat(throttle.admit("alice", PATIENCE).isRefused()).isFalse();
  }

  @Test
  void letsOnlyABoundedNumberWaitInAll() {
    int names = WAITING_IN_ALL / WAITING_PER_NAME;
    List<Admission> waiting = new ArrayList<>();
    for (int name = 0; name < names; name++) {
      fail("name" + name, FREE_FAILURES);
      for (int i = 0; i < WAITING_PER_NAME; i++) {
        waiting.add(throttle.admit("name" + name, PATIENCE));
      }
    }
    assertThat(waiting).noneMatch(Admission::isRefused);
    fail("late", FREE_FAILURES);
    assertThat(throttle.admit("late", PATIENCE).isRefused()).isTrue();
    throttle.succeeded("name0"); // forgets the name, not those that wait for it
    waiting.forEach(throttle::waited);
    assertThat(throttle.admit("late", PATIENCE).isRefused()).isFalse();
  }

  @Test
  void catchesGuessesThatWereSentAtOnce() {
    Admission early = throttle.admit("alice", PATIENCE);
    Admission alsoEarly = throttle.admit("alice", PATIENCE);
    assertThat(throttle.isOvertaken("alice", early)).isFalse();
    fail("alice", FREE_FAILURES);
    assertThat(throttle.isOvertaken("alice", alsoEarly)).isTrue();
    // whoever has waited is not sent back, or might wait for ever
    Admission patient = throttle.admit("alice", PATIENCE);
    fail("alice", 1);
    assertThat(throttle.isOvertaken("alice", patient)).isFalse();
  }

  @Test
  void remembersABoundedNumberOfNames() {
    fail("alice", 10);
    for (int i = 0; i < 99; i++) {
      fail("name" + i, 1);
    }
    fail("alice", 1);
    fail("one more", 1);
    assertThat(throttle.size()).isEqualTo(100);
    assertThat(waitFor("alice")).isEqualTo(MAX_DELAY);
  }
}
