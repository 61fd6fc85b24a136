package blackhole.orchestrator.config.parser;

import static blackhole.orchestrator.config.parser.Configs.parse;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code config} lists. */
class SettingsTest {
  private static List<String> lines(List<Setting> settings) {
    return settings.stream().map(s -> s.key() + " = " + s.value() + " # " + s.origin()).toList();
  }

  @Test
  void every_setting_in_force_with_its_origin() {
    ParseResult result =
        parse(
            """
            services:
              identity:
                port: 0x10
                depends_on: [storage, "events"]
                custom:
                  cache_size: 64MB
                  greeting: "say \\"hi\\"\\n"
                  words: [a, "b, c", "${env:PASSWORD}"]
              storage: {}
              events: {}
            """);
    assertThat(lines(result.settingsOf("identity")))
        .containsExactly(
            "services.identity.bundle = blackhole.identity # default",
            "services.identity.enabled = true # default",
            "services.identity.depends_on = [storage, \"events\"] # n.yaml:4",
            "services.identity.remote_fallback = null # default",
            "services.identity.jvm_args = [] # default",
            "services.identity.instances = 1 # default",
            "services.identity.port = 0x10 # n.yaml:3",
            "services.identity.unix_socket = null # default",
            "services.identity.resource_limits.max_memory = 256MB # default",
            "services.identity.resource_limits.max_cpu = null # default",
            "services.identity.resource_limits.cpu_period = 100ms # default",
            "services.identity.resource_limits.io_priority = 0 # default",
            "services.identity.resource_limits.max_file_desc = null # default",
            "services.identity.resource_limits.max_threads = null # default",
            "services.identity.restart_policy.max_restarts = 5 # default",
            "services.identity.restart_policy.restart_delay = 1s # default",
            "services.identity.restart_policy.backoff_factor = 2.0 # default",
            "services.identity.restart_policy.max_backoff = 30s # default",
            "services.identity.restart_policy.jitter = 0.2 # default",
            "services.identity.restart_policy.window = 10m # default",
            "services.identity.grpc.max_message_size = 10MB # default",
            "services.identity.grpc.timeout = 30s # default",
            "services.identity.grpc.max_retries = 3 # default",
            "services.identity.grpc.max_concurrent_calls = 1024 # default",
            "services.identity.grpc.rate_limit = null # default",
            "services.identity.grpc.retry.initial_delay = 100ms # default",
            "services.identity.grpc.retry.max_delay = 5s # default",
            "services.identity.grpc.retry.multiplier = 2.0 # default",
            "services.identity.circuit_breaker.failure_threshold = 5 # default",
            "services.identity.circuit_breaker.success_threshold = 2 # default",
            "services.identity.circuit_breaker.half_open_timeout = 30s # default",
            "services.identity.custom.cache_size = 64MB # n.yaml:6",
            "services.identity.custom.greeting = \"say \\\"hi\\\"\\u000a\" # n.yaml:7",
            "services.identity.custom.words = [a, \"b, c\", \"${env:PASSWORD}\"] # n.yaml:8");
  }

  @Test
  void scaling_takes_the_place_of_instances() {
    ParseResult result = parse("services: {identity: {scaling: {max_instances: 5}}}");
    assertThat(lines(result.settingsOf("identity")))
        .contains(
            "services.identity.scaling.min_instances = 1 # default",
            "services.identity.scaling.max_instances = 5 # n.yaml:1")
        .noneMatch(line -> line.startsWith("services.identity.instances"));
  }

  @Test
  void node_services_supervisor_and_classes_in_this_order() {
    List<String> lines = lines(parse("services: {storage: {}, identity: {}}").settings());
    assertThat(lines)
        .startsWith(
            "node.id = null # default",
            "node.tls.certificate = null # default",
            "node.tls.key = null # default",
            "node.tls.certificate_authority = null # default",
            "node.tls.insecure_loopback = false # default",
            "node.metrics.enabled = true # default",
            "node.metrics.address = 127.0.0.1 # default",
            "node.metrics.port = 9464 # default",
            "node.log_format = text # default",
            "node.tracing.exporter = none # default",
            "node.tracing.endpoint = null # default",
            "node.tracing.sampling = null # default")
        .endsWith(
            "supervisor.resource_policies.standard_services.members = [] # default",
            "supervisor.resource_policies.standard_services.max_memory_buffer = 5% # default",
            "supervisor.resource_policies.standard_services.cpu_priority_boost = 0 # default",
            "supervisor.resource_policies.standard_services.memory_threshold = null # default",
            "supervisor.resource_policies.standard_services.cpu_threshold = null # default")
        .containsSubsequence(
            "services.storage.bundle = blackhole.storage # default",
            "services.identity.bundle = blackhole.identity # default",
            "supervisor.start_timeout = 30s # default",
            "supervisor.resource_policies.critical_services.members = [identity] # default",
            "supervisor.resource_policies.critical_services.max_memory_buffer = 20% # default",
            "supervisor.resource_policies.core_services.members = [storage] # default");
  }
}
