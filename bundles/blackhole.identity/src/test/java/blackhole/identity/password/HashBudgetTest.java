package blackhole.identity.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HashBudgetTest {
  private static final long MB = 1 << 20;
  private static final HashCost NINETEEN_MB = new HashCost(19 << 10, 2, 1);

  @Test
  void runsAsManyAsHalfTheHeapHolds() {
    assertThat(HashBudget.of(256 * MB, NINETEEN_MB, 64).workers()).isEqualTo(6);
    assertThat(HashBudget.of(96 * MB, NINETEEN_MB, 64).workers()).isEqualTo(2);
  }

  @Test
  void runsNoMoreThanTheProcessorsCan() {
    assertThat(HashBudget.of(4096 * MB, NINETEEN_MB, 2).workers()).isEqualTo(2);
  }

  @Test
  void runsOneWhereOnlyOneFits() {
    HashBudget budget = HashBudget.of(30 * MB, NINETEEN_MB, 8);
    assertThat(budget.workers()).isEqualTo(1);
    assertThat(budget.bytes()).isEqualTo(19 * MB);
  }

  @Test
  void refusesAHashThatWouldFillTheHeap() {
    assertThatThrownBy(() -> HashBudget.of(24 * MB, NINETEEN_MB, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("three quarters");
  }
}
