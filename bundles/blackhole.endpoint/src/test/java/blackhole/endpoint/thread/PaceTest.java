package blackhole.endpoint.thread;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
  private final Pace pace = new Pace();

  @Test
  void isQuickUntilATaskIsSlow() {
    assertThat(pace.isQuick()).isTrue();
    pace.took(Pace.SLOW_NANOS - 1);
    assertThat(pace.isQuick()).isTrue();
    pace.took(Pace.SLOW_NANOS);
    assertThat(pace.isQuick()).isFalse();
  }

  @Test
  void aSlowTaskNowAndThenIsForgivenAtOnce() {
    for (int i = 0; i < 100; i++) {
      pace.slow();
      for (int quick = 0; quick < 2 * Pace.WEIGHT_OF_SLOW; quick++) {
        pace.took(0);
      }
      assertThat(pace.isQuick()).isTrue();
    }
  }

  @Test
  void whatIsOftenSlowStaysAway() {
    for (int i = 0; i < 100; i++) {
      pace.slow();
      for (int quick = 0; quick < Pace.WEIGHT_OF_SLOW / 2; quick++) {
        pace.took(0);
      }
    }
    assertThat(pace.isQuick()).isFalse();
  }

  @Test
  void comesBackHoweverLongItWasSlow() {
    for (int i = 0; i < 1_000_000; i++) {
      pace.slow();
    }
    for (int i = 0; i < Pace.MOST; i++) {
      pace.took(0);
    }
    assertThat(pace.isQuick()).isTrue();
  }
}
