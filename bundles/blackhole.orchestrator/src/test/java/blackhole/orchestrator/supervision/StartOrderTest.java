package blackhole.orchestrator.supervision;

import static blackhole.orchestrator.supervision.Configs.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StartOrderTest {
  @Test
  void eachServiceIsAboveAllThatItDependsOn() {
    assertThat(
            StartOrder.levels(
                List.of(
                    service("ledger", "identity", "storage"),
                    service("indexer", "storage"),
                    service("identity", "storage"),
                    service("storage"),
                    service("telemetry"),
                    service("analytics", "ledger", "telemetry"))))
        .containsExactly(
            List.of("storage", "telemetry"),
            List.of("indexer", "identity"),
            List.of("ledger"),
            List.of("analytics"));
  }

  @Test
  void aServiceThatIsNotThereIsNotWaitedFor() {
    assertThat(StartOrder.levels(List.of(service("a", "gone"), service("b", "a"))))
        .containsExactly(List.of("a"), List.of("b"));
    assertThat(StartOrder.levels(List.of())).isEmpty();
  }

  @Test
  void aCircleIsRefused() {
    assertThatThrownBy(
            () -> StartOrder.levels(List.of(service("x"), service("a", "b"), service("b", "a"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("these depend on each other in a circle: a and b");
  }
}
