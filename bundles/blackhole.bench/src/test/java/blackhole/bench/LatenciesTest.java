package blackhole.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenciesTest {
  private final Latencies latencies = new Latencies();

  @ParameterizedTest
  @ValueSource(
      longs = {
        1,
        255,
        256,
        257,
        511,
        512,
        513,
        1023,
        12_345,
        1_000_000_007,
        1L << 55,
        Long.MAX_VALUE
      })
  void areKeptToLessThanHalfAPercent(long nanos) {
    latencies.add(nanos);
    assertThat(latencies.micros(0.5)).isCloseTo(nanos / 1000.0, within(nanos / 1000.0 * 0.004));
  }

  @Test
  void areOrdered() {
    for (int micros = 1; micros <= 1000; micros++) {
      latencies.add(micros * 1000L);
    }
    assertThat(latencies.count()).isEqualTo(1000);
    assertThat(latencies.micros(0.5)).isCloseTo(500, within(2.0));
    assertThat(latencies.micros(0.99)).isCloseTo(990, within(4.0));
  }
}
