package blackhole.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpareRefillTest {
  private final SpareRefill refill = new SpareRefill();

  @Test
  void whileProcessesChangeOnlyWhatTheyWaitForIsPrepared() {
    assertThat(refill.mayStart()).isTrue();
    refill.hold();
    assertThat(refill.mayStart()).isFalse();
    refill.await(true);
    assertThat(refill.mayStart()).isTrue();
    refill.await(false);
    assertThat(refill.mayStart()).isFalse();
    refill.await(true);
    refill.hold();
    assertThat(refill.mayStart()).as("the next one has not asked yet").isFalse();
    refill.release();
    assertThat(refill.mayStart()).isTrue();
  }
}
