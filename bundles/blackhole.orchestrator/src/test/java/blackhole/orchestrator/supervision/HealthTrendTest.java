package blackhole.orchestrator.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTrendTest {
  private static HealthTrend after(String checks) {
    HealthTrend trend = HealthTrend.NEW;
    for (char check : checks.toCharArray()) {
      trend = trend.after(check == '+');
    }
    return trend;
  }

  @ParameterizedTest
  @CsvSource({
    // checks, whether it flaps after them
    "+, false",
    "++++++++++++++++, false",
    "----------------, false",
    "+++---+++, false",
    "+-+-, false",
    "+-+-+, true",
    "+--+--+--+, true",
    "++-++-++-++-++-, true",
    "+++++++++-++++++++++-+++++++++, false",
    // once it does, only calm ends it
    "+-+-++++++, true",
    "+-+-++++++++++, false",
    "+-+-++++++++++-+, false",
    "+-+-----------, false",
  })
  void byItsLastChecks(String checks, boolean flaps) {
    assertThat(after(checks).flaps()).isEqualTo(flaps);
    assertThat(after(checks).words().isEmpty()).isEqualTo(!flaps);
  }

  @Test
  void saysHowOften() {
    assertThat(after("+-+-+").words())
        .isEqualTo("flaps: its health has changed 4 times in the last 5 checks");
  }

  @Test
  void remembersNoMoreThanItLooksAt() {
    assertThat(after("+-".repeat(100)).good()).hasSize(HealthTrend.CHECKS);
  }
}
