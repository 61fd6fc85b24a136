package blackhole.launcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RestartBudgetTest {
  private final RestartBudget budget = new RestartBudget();

  @Test
  void theFirstRestartIsImmediateAndTheNextWaitTwiceAsLongEach() {
    assertThat(dieAt(0)).hasValue(0);
    assertThat(dieAt(1)).hasValue(1000);
    assertThat(dieAt(3)).hasValue(2000);
    assertThat(dieAt(6)).hasValue(4000);
    assertThat(dieAt(11)).hasValue(8000);
  }

  @Test
  void theSixthDeathWithinAMinuteIsTheLast() {
    for (int second = 0; second < 5; second++) {
      assertThat(dieAt(second)).isPresent();
    }
    assertThat(dieAt(60)).isEmpty();
  }

  @Test
  void aMinuteLaterAllIsForgiven() {
    for (int second = 0; second < 5; second++) {
      dieAt(second);
    }
    assertThat(dieAt(65)).hasValue(0);
  }

  @Test
  void theClockMayWrapAround() {
    assertThat(budget.died(Long.MAX_VALUE)).hasValue(0);
    assertThat(budget.died(Long.MIN_VALUE + 5)).hasValue(1000);
  }

  private OptionalLong dieAt(int second) {
    return budget.died(SECONDS.toNanos(second));
  }
}
