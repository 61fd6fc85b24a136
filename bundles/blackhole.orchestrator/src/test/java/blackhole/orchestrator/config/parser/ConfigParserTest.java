package blackhole.orchestrator.config.parser;

import static blackhole.orchestrator.config.parser.Configs.errors;
import static blackhole.orchestrator.config.parser.Configs.resource;
import static blackhole.orchestrator.config.parser.Configs.valid;
import static blackhole.orchestrator.config.parser.Configs.warnings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import blackhole.orchestrator.config.CircuitBreakerPolicy;
import blackhole.orchestrator.config.GrpcPolicy;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ResourceLimits;
import blackhole.orchestrator.config.ResourcePolicy;
import blackhole.orchestrator.config.RestartPolicy;
import blackhole.orchestrator.config.ScalingPolicy;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.ServiceConfig.RemoteFallback;
import blackhole.orchestrator.config.SupervisorConfig;
import blackhole.orchestrator.config.SupervisorConfig.OrchestratorLoss;
import blackhole.orchestrator.config.TlsConfig;
import blackhole.orchestrator.config.TracingConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ConfigParserTest {
  private static final long MB = 1L << 20;

  @Test
  void the_smallest_service_has_every_default() {
    assertThat(valid("services: {greeter: {}}\n").services())
        .containsExactly(entry("greeter", greeter()));
  }

  @Test
  void a_stanza_without_anything_is_an_empty_one() {
    assertThat(valid("services:\n  greeter:\n    grpc:\nsupervisor:\nnode:\n"))
        .isEqualTo(valid("services: {greeter: {}}\n"));
  }

  private static ServiceConfig greeter() {
    return new ServiceConfig(
        "greeter",
        "blackhole.greeter",
        true,
        List.of(),
        RemoteFallback.DEFAULT,
        List.of(),
        1,
        OptionalInt.empty(),
        Optional.empty(),
        new ResourceLimits(256 * MB, OptionalDouble.empty(), 0, OptionalInt.empty()),
        new RestartPolicy(
            5, Duration.ofSeconds(1), 2.0, Duration.ofSeconds(30), 0.2, Duration.ofMinutes(10)),
        new GrpcPolicy(
            10 * (int) MB,
            Duration.ofSeconds(30),
            3,
            1024,
            OptionalInt.empty(),
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            2.0),
        new CircuitBreakerPolicy(5, 2, Duration.ofSeconds(30)),
        Optional.empty(),
        Map.of());
  }

  @Test
  void the_node_and_its_supervisor_have_every_default() {
    NodeConfig config = valid("services: {storage: {}, identity: {}}\n");
    assertThat(config.nodeId()).isEmpty();
    assertThat(config.tls()).isEqualTo(TlsConfig.SECURE);
    assertThat(config.supervisor())
        .isEqualTo(
            new SupervisorConfig(
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                3,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                OrchestratorLoss.ADOPT,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                1,
                Duration.ofSeconds(5),
                10));
    assertThat(config.policies().values())
        .containsExactly(
            new ResourcePolicy(
                "critical_services",
                List.of("identity"),
                0.2,
                10,
                OptionalDouble.of(0.9),
                OptionalDouble.of(0.9)),
            new ResourcePolicy(
                "core_services",
                List.of("storage"),
                0.1,
                5,
                OptionalDouble.empty(),
                OptionalDouble.empty()),
            standard());
  }

  private static ResourcePolicy standard() {
    return new ResourcePolicy(
        ResourcePolicy.STANDARD,
        List.of(),
        0.05,
        0,
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }

  @Test
  void the_built_in_default_runs_all_services() {
    ParseResult result = Configs.parser().parseDefault();
    assertThat(result.errors()).isEmpty();
    assertThat(result.warnings()).isEmpty();
    NodeConfig config = result.config().orElseThrow();
    assertThat(config.services())
        .containsOnlyKeys(
            "identity", "storage", "ledger", "events", "analytics", "indexer", "telemetry");
    assertThat(config.services().get("storage").dependsOn()).containsExactly("identity");
    assertThat(config.services().get("storage").remoteFallback()).isEqualTo(RemoteFallback.READS);
    assertThat(config.services().get("ledger").dependsOn()).containsExactly("identity");
    assertThat(result.settings())
        .filteredOn(setting -> !setting.origin().equals("default"))
        .extracting(Setting::key)
        .containsExactly(
            "services.storage.depends_on",
            "services.storage.remote_fallback",
            "services.ledger.depends_on",
            "services.events.depends_on",
            "services.analytics.depends_on",
            "services.indexer.depends_on",
            "services.telemetry.depends_on");
  }

  @Test
  void the_example_of_the_design_is_valid() {
    assertThat(warnings(resource("design.yaml")))
        .allMatch(warning -> warning.endsWith(" is not configured"))
        .hasSize(4);
    NodeConfig config = valid(resource("design.yaml"));
    ServiceConfig identity = config.services().get("identity");
    assertThat(config.nodeId()).contains("node-a");
    assertThat(identity.remoteFallback()).isEqualTo(RemoteFallback.NEVER);
    assertThat(identity.port()).hasValue(50001);
    assertThat(identity.unixSocket()).contains("/var/run/blackhole/identity.sock");
    assertThat(identity.limits())
        .isEqualTo(new ResourceLimits(256 * MB, OptionalDouble.of(0.5), 0, OptionalInt.of(4096)));
    assertThat(identity.restartPolicy()).isEqualTo(greeter().restartPolicy());
    assertThat(identity.grpc().rateLimit()).hasValue(1000);
    assertThat(identity.circuitBreaker()).isEqualTo(greeter().circuitBreaker());
    assertThat(identity.custom())
        .containsExactly(entry("database_pool_size", 20L), entry("cache_size", 64 * MB));
    assertThat(config.services().get("storage").scaling())
        .contains(new ScalingPolicy(1, 3, 0.8, 0.8, Duration.ofSeconds(30), Duration.ofMinutes(5)));
    assertThat(config.supervisor()).isEqualTo(valid("services: {identity: {}}").supervisor());
    assertThat(config.policies().get("critical_services").members())
        .containsExactly("identity", "ledger");
  }

  @Test
  void the_example_of_the_architecture_paper_is_valid() {
    NodeConfig config = valid(resource("seed.yaml"));
    ServiceConfig identity = config.services().get("identity");
    ServiceConfig storage = config.services().get("storage");
    assertThat(identity.port()).hasValue(50001);
    assertThat(identity.limits().maxMemoryBytes()).isEqualTo(1024 * MB);
    assertThat(identity.custom())
        .containsEntry("database_pool_size", 20L)
        .containsEntry("cache_size", 100 * MB);
    assertThat(storage.port()).hasValue(50002);
    assertThat(storage.limits().maxMemoryBytes()).isEqualTo(4096 * MB);
    assertThat(storage.limits().ioPriority()).isEqualTo(-5);
    assertThat(config.policyOf("identity").cpuPriorityBoost()).isEqualTo(10);
    assertThat(config.policyOf("storage").maxMemoryBuffer()).isEqualTo(0.1);
  }

  @Test
  void a_file_replaces_the_default_set_of_services() {
    assertThat(valid("services: {storage: {}}").services()).containsOnlyKeys("storage");
  }

  @Test
  void with_scaling_the_minimum_is_what_runs() {
    ServiceConfig service =
        valid("services: {identity: {scaling: {min_instances: 2}}}").services().get("identity");
    assertThat(service.instances()).isEqualTo(2);
    assertThat(service.maxInstances()).isEqualTo(3);
  }

  @Test
  void values_in_every_form_they_can_have() {
    ServiceConfig service =
        valid(
                """
                services:
                  identity:
                    enabled: False
                    port: 0xC351
                    instances: +2
                    resource_limits: {max_memory: "512M", max_cpu: 2, max_file_desc: 0o2000}
                    restart_policy: {jitter: 20%, backoff_factor: 1, restart_delay: '500ms', window: 1d}
                    grpc: {max_message_size: 65536B}
                """)
            .services()
            .get("identity");
    assertThat(service.enabled()).isFalse();
    assertThat(service.port()).hasValue(50001);
    assertThat(service.instances()).isEqualTo(2);
    assertThat(service.limits())
        .isEqualTo(new ResourceLimits(512 * MB, OptionalDouble.of(2), 0, OptionalInt.of(1024)));
    assertThat(service.restartPolicy().jitter()).isEqualTo(0.2);
    assertThat(service.restartPolicy().restartDelay()).isEqualTo(Duration.ofMillis(500));
    assertThat(service.restartPolicy().window()).isEqualTo(Duration.ofDays(1));
    assertThat(service.grpc().maxMessageSizeBytes()).isEqualTo(65536);
  }

  @Test
  void anchors_may_be_reused() {
    NodeConfig config =
        valid(
            """
            services:
              identity:
                restart_policy: &calm {restart_delay: 5s}
              storage:
                restart_policy: *calm
            """);
    assertThat(config.services().get("storage").restartPolicy())
        .isEqualTo(config.services().get("identity").restartPolicy());
  }

  @Test
  void words_that_yaml_1_1_took_for_booleans_are_names() {
    assertThat(valid("services: {no: {}, on: {depends_on: [no]}}").services())
        .containsOnlyKeys("no", "on");
  }

  @Test
  void a_known_class_keeps_its_defaults_and_takes_no_service_from_another() {
    NodeConfig config =
        valid(
            """
            services: {identity: {}, ledger: {}, storage: {}, greeter: {}}
            supervisor:
              resource_policies:
                critical_services: {}
                mine: {members: [ledger], cpu_priority_boost: -1}
            """);
    assertThat(config.policies()).containsOnlyKeys("critical_services", "mine");
    assertThat(config.policyOf("identity").maxMemoryBuffer()).isEqualTo(0.2);
    assertThat(config.policyOf("identity").members()).containsExactly("identity");
    assertThat(config.policyOf("ledger").cpuWeight()).isEqualTo(90);
    assertThat(config.policyOf("ledger").maxMemoryBuffer()).isEqualTo(0.05);
    assertThat(config.policyOf("greeter")).isEqualTo(standard());
  }

  @Test
  void plaintext_on_loopback() {
    assertThat(valid("node: {tls: {insecure_loopback: true}}\nservices: {identity: {}}").tls())
        .isEqualTo(new TlsConfig(true, Optional.empty()));
  }

  @Test
  void tracing_follows_from_the_exporter() {
    assertThat(valid("services: {identity: {}}").tracing()).isEqualTo(TracingConfig.OFF);
    assertThat(valid("node: {tracing: {exporter: zipkin}}\nservices: {identity: {}}").tracing())
        .isEqualTo(
            new TracingConfig(
                0.01,
                TracingConfig.Exporter.ZIPKIN,
                Optional.of(URI.create("http://127.0.0.1:9411/api/v2/spans"))));
    assertThat(
            valid(
                    "node: {tracing: {exporter: otlp, sampling: 0, endpoint: \"https://h/x\"}}\n"
                        + "services: {identity: {}}")
                .tracing())
        .isEqualTo(
            new TracingConfig(
                0, TracingConfig.Exporter.OTLP, Optional.of(URI.create("https://h/x"))));
    assertThat(errors("node: {tracing: {endpoint: \"http://:1/x\"}}\nservices: {identity: {}}"))
        .singleElement()
        .asString()
        .contains("node.tracing.endpoint", "names no host");
  }

  @Test
  void a_turkish_locale_changes_nothing() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr-TR"));
      assertThat(valid(resource("design.yaml")).services()).hasSize(2);
      assertThat(errors("services: {identity: {resource_limits: {max_memory: 512mib}}}"))
          .hasSize(1);
      assertThat(
              valid("services: {identity: {enabled: TRUE}}").services().get("identity").enabled())
          .isTrue();
    } finally {
      Locale.setDefault(before);
    }
  }
}
