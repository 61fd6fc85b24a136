package blackhole.bench.growth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SimulatedNodeTest {
  @Test
  void letsInstancesDieAndComeBack() {
    try (SimulatedNode node = new SimulatedNode(20, 3, 2)) {
      long resolutions = node.resolutions();
      long revisions = node.revisions();
      int died = node.churn(Duration.ofSeconds(50));
      assertThat(died).isEqualTo(30);
      // each is gone for its callers, and back; and both hosts that follow have heard of it
      assertThat(node.resolutions() - resolutions).isGreaterThanOrEqualTo(2L * died);
      assertThat(node.revisions() - revisions).isGreaterThanOrEqualTo(4L * died);
    }
  }

  /** By what is allocated, which no other work on the machine changes. */
  @Test
  void doesNoMoreWorkForADeathWhereThereAreMoreServices() {
    double few = bytesOfADeath(20);
    double many = bytesOfADeath(200);
    assertThat(many).isLessThan(2 * few);
  }

  private static double bytesOfADeath(int services) {
    try (SimulatedNode node = new SimulatedNode(services, 3, 2)) {
      Spent before = Spent.now();
      int died = node.churn(Duration.ofSeconds(20_000 / services));
      return Spent.now().since(before).bytes() / (double) died;
    }
  }
}
