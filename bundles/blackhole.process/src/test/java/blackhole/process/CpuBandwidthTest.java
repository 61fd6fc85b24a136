package blackhole.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuBandwidthTest {
  @ParameterizedTest
  @CsvSource({
    "0.5,   100, 50000, 100000",
    "1.25,  100, 125000, 100000",
    "64,    100, 6400000, 100000",
    "0.5,   10, 5000, 10000",
    "0.333, 10, 3330, 10000",
    "1,     1000, 1000000, 1000000",
    // the kernel wants a millisecond of each period: more of them would be more than the share
    "0.1,   5, 1000, 10000",
    "0.05,  10, 1000, 20000",
    "0.005, 100, 1000, 200000",
    "0.0001, 100, 1000, 1000000"
  })
  void aShareIsAQuotaOfAPeriod(double cores, long millis, long quotaMicros, long periodMicros) {
    assertThat(CpuBandwidth.of(cores, Duration.ofMillis(millis)))
        .isEqualTo(new CpuBandwidth(quotaMicros, periodMicros));
  }
}
