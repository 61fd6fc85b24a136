package blackhole.orchestrator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.Reloading.How;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.parser.Configs;
import blackhole.orchestrator.config.parser.ParseResult;
import blackhole.orchestrator.config.parser.Setting;
import blackhole.orchestrator.config.schema.Key;
import blackhole.orchestrator.config.schema.Schema;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReloadPlanTest {
  private static final String TWO =
      """
      node: { id: node-a }
      services:
        identity: { custom: { password: "${env:PASSWORD}" } }
        storage: { depends_on: [identity] }
      """;

  private static ReloadPlan.Side side(String yaml) {
    ParseResult result = Configs.parse(yaml);
    assertThat(result.errors()).isEmpty();
    return new ReloadPlan.Side(result.config().orElseThrow(), result.settings());
  }

  private static ReloadPlan plan(String before, String after) {
    return ReloadPlan.of(side(before), side(after));
  }

  /** What changes when one line does. */
  private static ReloadPlan replaced(String what, String with) {
    assertThat(TWO).contains(what);
    return plan(TWO, TWO.replace(what, with));
  }

  private static List<String> items(ReloadPlan plan) {
    return plan.items().stream()
        .map(
            item ->
                item.change().key()
                    + " "
                    + item.change().before().orElse("-")
                    + " > "
                    + item.change().after().orElse("-")
                    + " "
                    + item.how()
                    + (item.note().isEmpty() ? "" : " " + item.note()))
        .toList();
  }

  private static String value(ReloadPlan.Side side, String key) {
    return side.settings().stream()
        .filter(setting -> setting.key().equals(key))
        .map(Setting::value)
        .findFirst()
        .orElse("-");
  }

  private static ServiceConfig service(ReloadPlan.Side side, String name) {
    ServiceConfig service = side.config().services().get(name);
    assertThat(service).as("%s", side.config().services().keySet()).isNotNull();
    return Objects.requireNonNull(service);
  }

  @Test
  void theSameFileIsNoChange() {
    ReloadPlan plan = plan(TWO, "# a comment\n" + TWO);
    assertThat(plan.items()).isEmpty();
    assertThat(plan.rolling()).isEmpty();
    assertThat(plan.inForce(Set.of()).config()).isEqualTo(side(TWO).config());
  }

  /** Whoever adds a key has to say here, and in {@link SettingEffect}, what it takes. */
  @Test
  void everyKeyHasItsEffect() {
    Set<String> process =
        Set.of(
            "services.*.bundle",
            "services.*.jvm_args",
            "services.*.port",
            "services.*.unix_socket",
            "services.*.grpc.max_message_size",
            "services.*.grpc.rate_limit",
            "services.*.custom.*");
    Set<String> node =
        Set.of(
            "supervisor.stale_process_timeout",
            "supervisor.on_orchestrator_loss",
            "supervisor.warm_spares");
    for (Key<?> key : Schema.keys()) {
      String path = key.path();
      SettingEffect expected =
          process.contains(path)
              ? SettingEffect.PROCESS
              : node.contains(path) || path.startsWith("node.") || path.startsWith("remote.")
                  ? SettingEffect.NODE
                  : SettingEffect.LIVE;
      assertThat(SettingEffect.of(path.replace("*", "x"))).as(path).isEqualTo(expected);
    }
  }

  @Test
  void howAServiceIsCalledAndMindedChangesAtOnce() {
    String after =
        """
        node: { id: node-a }
        services:
          identity:
            custom: { password: "${env:PASSWORD}" }
            resource_limits: { max_memory: 512MB }
            restart_policy: { max_restarts: 9 }
            grpc: { timeout: 3s }
            circuit_breaker: { failure_threshold: 7 }
          storage: { remote_fallback: reads }
        supervisor:
          health_check_interval: 3s
          resource_policies: { core_services: { cpu_priority_boost: 7 } }
        """;
    ReloadPlan plan = plan(TWO, after);
    assertThat(plan.items()).isNotEmpty().allMatch(item -> item.how() == How.LIVE);
    assertThat(plan.rolling()).isEmpty();
    NodeConfig config = plan.inForce(Set.of()).config();
    assertThat(config.services()).isEqualTo(side(after).config().services());
    assertThat(config.policyOf("storage").cpuPriorityBoost()).isEqualTo(7);
    assertThat(config.supervisor().healthCheckInterval()).hasSeconds(3);
  }

  @Test
  void whatAProcessIsToldNeedsANewOneOfItsServiceOnly() {
    ReloadPlan plan =
        replaced("storage: {", "storage: { jvm_args: [-Da=b], grpc: { timeout: 3s },");
    assertThat(items(plan))
        .containsExactly(
            "services.storage.jvm_args [] > [-Da=b] ROLLING",
            "services.storage.grpc.timeout 30s > 3s LIVE");
    assertThat(plan.rolling()).containsExactly("storage");

    ReloadPlan.Side first = plan.inForce(Set.of());
    assertThat(service(first, "storage").jvmArgs()).as("until it is replaced").isEmpty();
    assertThat(service(first, "storage").grpc().timeout()).hasSeconds(3);
    assertThat(value(first, "services.storage.jvm_args")).isEqualTo("[]");
    assertThat(value(first, "services.storage.grpc.timeout")).isEqualTo("3s");

    ReloadPlan.Side then = plan.inForce(Set.of("storage"));
    assertThat(service(then, "storage").jvmArgs()).containsExactly("-Da=b");
    assertThat(value(then, "services.storage.jvm_args")).isEqualTo("[-Da=b]");
  }

  @Test
  void servicesComeInTheOrderOfWhatDependsOnWhat() {
    ReloadPlan plan =
        plan(
            TWO,
            """
            node: { id: node-a }
            services:
              ledger: { depends_on: [events] }
              events: {}
            """);
    assertThat(items(plan))
        .containsExactly(
            "services.ledger - > configured START",
            "services.events - > configured START",
            "services.identity configured > - STOP",
            "services.storage configured > - STOP");
    assertThat(plan.stopping()).containsExactly("storage", "identity");
    assertThat(plan.starting()).containsExactly("events", "ledger");
    assertThat(plan.inForce(Set.of()).config().services()).containsOnlyKeys("identity", "storage");
    assertThat(plan.inForce(Set.of("storage", "events")).config().services())
        .containsOnlyKeys("identity", "events");
    ReloadPlan.Side all = plan.inForce(Set.of("storage", "identity", "events", "ledger"));
    assertThat(all.config().services()).containsOnlyKeys("ledger", "events");
    assertThat(value(all, "services.identity.bundle")).isEqualTo("-");
  }

  @Test
  void aServiceThatIsDisabledStopsAndOneThatIsEnabledStarts() {
    String off = TWO.replace("depends_on: [identity]", "enabled: false");
    ReloadPlan stop = plan(TWO, off);
    assertThat(items(stop)).contains("services.storage.enabled true > false STOP");
    assertThat(stop.stopping()).containsExactly("storage");
    assertThat(service(stop.inForce(Set.of()), "storage").enabled()).isTrue();
    assertThat(service(stop.inForce(Set.of("storage")), "storage").enabled()).isFalse();
    ReloadPlan start = plan(off, TWO);
    assertThat(start.starting()).containsExactly("storage");
    assertThat(service(start.inForce(Set.of()), "storage").enabled()).isFalse();
    String port = off.replace("enabled: false", "enabled: false, grpc: { timeout: 1s }");
    assertThat(items(plan(off, port)))
        .containsExactly("services.storage.grpc.timeout 30s > 1s LIVE it is disabled");
  }

  @Test
  void theNodeItselfChangesWithItsNextStart() {
    String after =
        TWO.replace("id: node-a", "id: node-b, log_format: json")
            + "supervisor: { warm_spares: 3, start_timeout: 9s }\n";
    ReloadPlan plan = plan(TWO, after);
    assertThat(items(plan))
        .containsExactly(
            "node.id node-a > node-b NODE_RESTART",
            "node.log_format text > json NODE_RESTART",
            "supervisor.start_timeout 30s > 9s LIVE",
            "supervisor.warm_spares 1 > 3 NODE_RESTART");
    ReloadPlan.Side side = plan.inForce(Set.of());
    assertThat(side.config().nodeId()).contains("node-a");
    assertThat(side.config().supervisor().warmSpares()).isEqualTo(1);
    assertThat(side.config().supervisor().startTimeout()).hasSeconds(9);
    assertThat(value(side, "node.id")).isEqualTo("node-a");
    assertThat(value(side, "supervisor.warm_spares")).isEqualTo("1");
    assertThat(value(side, "supervisor.start_timeout")).isEqualTo("9s");
    // as long as the file says so, the next reload says it again
    assertThat(items(ReloadPlan.of(side, side(after))))
        .hasSize(3)
        .allMatch(item -> item.contains("NODE_RESTART"));
  }

  @Test
  void theFirstPortOfANodeWithoutCertificatesWaits() {
    ReloadPlan plan = replaced("storage: {", "storage: { port: 50002, jvm_args: [-Da=b],");
    assertThat(items(plan))
        .containsExactly(
            "services.storage.jvm_args [] > [-Da=b] ROLLING",
            "services.storage.port - > 50002 NODE_RESTART its port needs certificates, which the"
                + " node makes at its start");
    ReloadPlan.Side all = plan.inForce(Set.of("storage"));
    assertThat(service(all, "storage").port()).isEmpty();
    assertThat(service(all, "storage").jvmArgs()).isNotEmpty();
    assertThat(value(all, "services.storage.port")).isEqualTo("null");

    ReloadPlan fresh = plan(TWO, TWO + "  ledger: { port: 50003 }\n");
    assertThat(fresh.items().get(0).how()).isEqualTo(How.NODE_RESTART);
    assertThat(fresh.starting()).isEmpty();
    assertThat(fresh.inForce(Set.of()).config().services()).doesNotContainKey("ledger");

    String withPort = TWO.replace("storage: {", "storage: { port: 50002,");
    assertThat(plan(withPort, withPort.replace("50002", "50003")).rolling())
        .containsExactly("storage");
  }

  @Test
  void theNumberOfInstancesFollows() {
    ReloadPlan three = replaced("storage: {", "storage: { instances: 3,");
    assertThat(three.recounted()).containsExactly("storage");
    assertThat(three.count("storage", 1)).isEqualTo(3);
    ReloadPlan scaled =
        replaced("storage: {", "storage: { scaling: { min_instances: 2, max_instances: 4 },");
    assertThat(scaled.recounted()).containsExactly("storage");
    assertThat(scaled.count("storage", 1)).isEqualTo(2);
    assertThat(scaled.count("storage", 3)).isEqualTo(3);
    assertThat(scaled.count("storage", 9)).isEqualTo(4);
  }

  /** As ParseResult resolves them anew each time, and shows none. */
  @Test
  void aSecretThatIsAnotherIsSeenAndNotShown() {
    ReloadPlan.Side before = side(TWO);
    ReloadPlan.Side after =
        new ReloadPlan.Side(
            side(TWO.replace("\"${env:PASSWORD}\"", "other")).config(), before.settings());
    ReloadPlan plan = ReloadPlan.of(before, after);
    assertThat(items(plan))
        .containsExactly(
            "services.identity.custom.password \"${env:PASSWORD}\" > \"${env:PASSWORD}\" ROLLING"
                + " what it refers to has changed");
    assertThat(plan.rolling()).containsExactly("identity");
    assertThat(service(plan.inForce(Set.of()), "identity").custom())
        .containsEntry("password", "hunter2-0042");
    assertThat(service(plan.inForce(Set.of("identity")), "identity").custom())
        .containsEntry("password", "other");
  }
}
