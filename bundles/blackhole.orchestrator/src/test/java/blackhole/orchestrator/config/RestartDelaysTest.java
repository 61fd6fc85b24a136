package blackhole.orchestrator.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartDelaysTest {
  private static RestartPolicy policy(
      int restarts, int delaySeconds, double factor, int capSeconds) {
    return new RestartPolicy(
        restarts,
        Duration.ofSeconds(delaySeconds),
        factor,
        Duration.ofSeconds(capSeconds),
        0.2,
        Duration.ofMinutes(10));
  }

  private static List<Long> seconds(RestartPolicy policy) {
    return RestartDelays.ladder(policy).stream().map(Duration::toSeconds).toList();
  }

  @Test
  void the_first_restart_is_at_once_and_each_further_wait_grows() {
    assertThat(seconds(policy(5, 1, 2, 30))).containsExactly(0L, 1L, 2L, 4L, 8L);
  }

  @Test
  void the_cap_ends_the_ladder() {
    assertThat(seconds(policy(1000, 1, 2, 30))).containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 30L);
    assertThat(seconds(policy(1000, 5, 1, 30))).containsExactly(0L, 5L);
    assertThat(seconds(policy(1000, 30, 10, 30))).containsExactly(0L, 30L);
  }

  @Test
  void few_restarts_make_a_short_ladder() {
    assertThat(seconds(policy(0, 1, 2, 30))).isEmpty();
    assertThat(seconds(policy(1, 1, 2, 30))).containsExactly(0L);
  }

  @Test
  void a_factor_need_not_be_whole() {
    assertThat(RestartDelays.before(policy(9, 1, 1.5, 30), 4)).isEqualTo(Duration.ofMillis(2250));
  }

  @Test
  void no_number_of_restarts_overflows() {
    assertThat(RestartDelays.before(policy(9, 1, 100, 30), Integer.MAX_VALUE))
        .isEqualTo(Duration.ofSeconds(30));
  }
}
