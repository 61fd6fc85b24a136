package blackhole.orchestrator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import blackhole.orchestrator.config.StartOrder.Selection;
import blackhole.orchestrator.config.parser.Configs;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StartOrderTest {
  private static final NodeConfig CONFIG =
      Configs.valid(
          """
          services:
            analytics: {depends_on: [events, storage]}
            storage: {depends_on: [identity]}
            events: {}
            identity: {}
            indexer: {depends_on: [storage, telemetry]}
            telemetry: {enabled: false, depends_on: [events]}
          """);

  @Test
  void each_level_waits_for_the_one_before_it() {
    assertThat(StartOrder.levels(CONFIG.enabledServices()))
        .containsExactly(
            List.of("events", "identity"), List.of("storage"), List.of("analytics", "indexer"));
  }

  @Test
  void nothing_has_no_levels() {
    assertThat(StartOrder.levels(List.of())).isEmpty();
  }

  @Test
  void a_circle_that_no_check_has_refused_is_not_gone_round_for_ever() {
    ServiceConfig a = CONFIG.services().get("storage");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StartOrder.levels(List.of(dependingOn(a, "storage"))))
        .withMessageContaining("[storage]");
  }

  private static ServiceConfig dependingOn(ServiceConfig s, String dependency) {
    return new ServiceConfig(
        s.name(),
        s.bundle(),
        s.enabled(),
        List.of(dependency),
        s.remoteFallback(),
        s.jvmArgs(),
        s.instances(),
        s.port(),
        s.unixSocket(),
        s.limits(),
        s.restartPolicy(),
        s.grpc(),
        s.circuitBreaker(),
        s.scaling(),
        s.custom());
  }

  @Test
  void a_selection_brings_what_it_depends_on() {
    Selection selection = StartOrder.select(CONFIG, List.of("analytics"));
    assertThat(selection.errors()).isEmpty();
    assertThat(selection.warnings()).isEmpty();
    assertThat(selection.services()).containsExactly("analytics", "storage", "events", "identity");
    assertThat(CONFIG.restrictedTo(selection.services()).services().keySet())
        .containsExactly("analytics", "storage", "events", "identity");
  }

  @Test
  void a_disabled_dependency_is_left_out_and_said() {
    Selection selection = StartOrder.select(CONFIG, List.of("indexer"));
    assertThat(selection.services()).containsExactly("storage", "identity", "indexer");
    assertThat(selection.warnings())
        .containsExactly("indexer depends on telemetry, which is disabled");
  }

  @Test
  void what_can_not_be_selected() {
    Selection selection = StartOrder.select(CONFIG, Set.of("telemetry"));
    assertThat(selection.errors())
        .containsExactly("service telemetry is disabled, expected enabled: true in its stanza");
    assertThat(StartOrder.select(CONFIG, List.of("ledger")).errors())
        .containsExactly(
            "there is no service ledger, expected one of analytics, storage, events, identity,"
                + " indexer, telemetry");
  }
}
