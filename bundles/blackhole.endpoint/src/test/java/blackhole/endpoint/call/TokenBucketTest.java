package blackhole.endpoint.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final AtomicLong now = new AtomicLong();

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10, 1000, 1_000_000})
  void theBurstIsTheRate(int rate) {
    TokenBucket bucket = new TokenBucket(rate, now::get);
    assertThat(taken(bucket)).isEqualTo(rate);
    now.addAndGet(5 * SECOND);
    assertThat(taken(bucket)).isEqualTo(rate);
  }

  @Test
  void theLongRunIsTheRateToo() {
    TokenBucket bucket = new TokenBucket(50, now::get);
    int passed = taken(bucket);
    for (int i = 0; i < 10_000; i++) {
      now.addAndGet(SECOND / 1000);
      passed += taken(bucket);
    }
    assertThat(passed).isEqualTo(50 + 10 * 50);
  }

  @Test
  void saysWhenTheNextOneMayPass() {
    TokenBucket bucket = new TokenBucket(10, now::get);
    assertThat(taken(bucket)).isEqualTo(10);

    assertThat(bucket.tryTake()).isEqualTo(SECOND / 10);
    now.addAndGet(SECOND / 10 - 1);
    assertThat(bucket.tryTake()).isEqualTo(1);
    now.addAndGet(1);
    assertThat(bucket.tryTake()).isZero();
    assertThat(bucket.tryTake()).isEqualTo(SECOND / 10);
  }

  @Test
  void aClockThatOverflowsDoesNoHarm() {
    now.set(Long.MAX_VALUE - SECOND / 2);
    TokenBucket bucket = new TokenBucket(10, now::get);
    assertThat(taken(bucket)).isEqualTo(10);
    now.addAndGet(SECOND);
    assertThat(now.get()).isNegative();
    assertThat(taken(bucket)).isEqualTo(10);
  }

  private static int taken(TokenBucket bucket) {
    int taken = 0;
    while (bucket.tryTake() == 0) {
      taken++;
    }
    return taken;
  }
}
