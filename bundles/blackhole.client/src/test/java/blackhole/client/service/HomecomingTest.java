package blackhole.client.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** No stampede on an instance that has just come back. */
class HomecomingTest {
  private final AtomicLong nanos = new AtomicLong(77);
  private final Homecoming homecoming = new Homecoming(nanos::get);

  @Test
  void aGrowingShareOfTheCallsGoesHome() {
    assertThat(goneHome()).isZero();
    nanos.addAndGet(Homecoming.DURATION.toNanos() / 4);
    assertThat(homecoming.share()).isEqualTo(0.25);
    assertThat(goneHome()).isBetween(1_500, 3_500);
    nanos.addAndGet(Homecoming.DURATION.toNanos() / 2);
    assertThat(goneHome()).isBetween(6_500, 8_500);
    assertThat(homecoming.isOver()).isFalse();
    nanos.addAndGet(Homecoming.DURATION.toNanos());
    assertThat(goneHome()).isEqualTo(10_000);
    assertThat(homecoming.isOver()).isTrue();
  }

  private int goneHome() {
    int home = 0;
    for (int i = 0; i < 10_000; i++) {
      home += homecoming.goesHome() ? 1 : 0;
    }
    return home;
  }
}
