package blackhole.orchestrator.config.parser;

import static blackhole.orchestrator.config.parser.Configs.parse;
import static blackhole.orchestrator.config.parser.Configs.resource;
import static blackhole.orchestrator.config.parser.Configs.valid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckReportTest {
  private static String report(String yaml, OptionalLong machine) {
    return CheckReport.of(parse(yaml), "n.yaml", machine);
  }

  @Test
  void the_plan_of_the_architecture_papers_example() {
    assertThat(report(resource("seed.yaml"), OptionalLong.of(4L << 30)))
        .isEqualTo(
            """
            n.yaml is valid: 2 services

            Start order
              1. identity
              2. storage

            TLS
              mutual, with development certificates in the home, made on first use

            identity
              bundle     blackhole.identity
              instances  1
              socket     /var/run/blackhole/identity.sock
              port       50001
              limits     memory 1GB (soft 819MB), CPU 1.0 cores, io priority 0 (best-effort level 4), open files 1024
              class      critical_services, CPU weight 200
              jvm flags  -Xms10m -Xmx768m -XX:MaxDirectMemorySize=64m -XX:MaxMetaspaceSize=768m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError
              restarts   at once, 1s, 2s, 4s, 8s, then FAILED after 5 restarts in 10m

            storage
              bundle     blackhole.storage
              instances  1
              socket     /var/run/blackhole/storage.sock
              port       50002
              limits     memory 4GB (soft 3686MB), CPU 2.0 cores, io priority -5 (best-effort level 3), open files 4096
              class      core_services, CPU weight 150
              jvm flags  -Xms10m -Xmx3072m -XX:MaxDirectMemorySize=64m -XX:MaxMetaspaceSize=3072m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError
              restarts   at once, 2s, 4s, 8s, 16s, 30s each, then FAILED after 10 restarts in 10m

            Warnings
              n.yaml:53:27 supervisor.resource_policies.critical_services.members: ledger is not configured
              n.yaml:59:26 supervisor.resource_policies.core_services.members: indexer is not configured
              n.yaml:63:17 supervisor.resource_policies.standard_services.members: analytics is not configured
              n.yaml:63:28 supervisor.resource_policies.standard_services.members: telemetry is not configured
              the memory limits of all services sum up to 5120MB, this machine has 4096MB: what does not fit will not be started
            """);
  }

  @Test
  void what_is_left_out_is_shown_as_what_it_means() {
    assertThat(report("services: {identity: {}}", OptionalLong.empty()))
        .contains(
            "\n  socket     in the home\n  port       none\n  limits     memory 256MB (soft 204MB),"
                + " CPU no limit, io priority 0 (best-effort level 4), open files as the node\n")
        .doesNotContain("Warnings");
  }

  @Test
  void a_period_that_is_not_the_usual_one_is_shown() {
    assertThat(
            report(
                "services: {identity: {resource_limits: {max_cpu: 0.5, cpu_period: 10ms}}}",
                OptionalLong.empty()))
        .contains("CPU 0.5 cores in periods of 10ms, io priority");
  }

  @Test
  void a_limit_of_threads_is_shown_where_there_is_one() {
    assertThat(
            report(
                "services: {identity: {resource_limits: {max_threads: 99}}}", OptionalLong.empty()))
        .contains("open files as the node, threads 99\n");
  }

  @Test
  void scaling_arguments_and_disabled_services() {
    String report =
        report(
            """
            services:
              identity: {scaling: {}, jvm_args: [-Xss1m]}
              storage: {enabled: false, resource_limits: {max_memory: 1000GB}}
            """,
            OptionalLong.of(512L << 20));
    assertThat(report)
        .startsWith("n.yaml is valid: 2 services, 1 of them disabled\n")
        .contains("\n  instances  1 to 3\n", "\n  jvm args   [-Xss1m]\n")
        .doesNotContain("\nstorage\n")
        .endsWith(
            """

            Warnings
              with all services scaled up, their memory limits sum up to 768MB, this machine has 512MB: scaling will stop before that
            """);
  }

  @Test
  void tls_and_remote_nodes() {
    assertThat(report("services: {identity: {}}", OptionalLong.empty()))
        .contains("\nTLS\n  not needed: no service has a TCP port, and there is no remote node\n");
    assertThat(
            report(
                "node: {tls: {insecure_loopback: true}}\nservices: {identity: {port: 50001}}",
                OptionalLong.empty()))
        .contains(
            "\nTLS\n  none: TCP ports take plaintext, on loopback only (insecure_loopback)\n",
            "n.yaml:2:29 services.identity.port: 50001 takes plaintext from every user of this"
                + " machine");
    assertThat(
            report(
                """
                services: {identity: {}}
                remote:
                  - node_id: node-b
                    services: {storage: "b.example:50002", identity: "[::1]:50001"}
                """,
                OptionalLong.empty()))
        .contains(
            """

            TLS
              mutual, with development certificates in the home, made on first use

            Remote nodes
              node-b: storage at b.example:50002, identity at [::1]:50001 (signed by this node's authority)
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{max_restarts: 0} | none, FAILED at the first exit",
        "{max_restarts: 1, window: 90s} | at once, then FAILED after 1 restart in 90s",
        "{max_restarts: 7} | at once, 1s, 2s, 4s, 8s, 16s, 30s, then FAILED after 7 restarts in 10m",
        "{max_restarts: 8} | at once, 1s, 2s, 4s, 8s, 16s, 30s each, then FAILED after 8 restarts in 10m",
      })
  void the_ladder_of_restarts(String policy, String expected) {
    var service =
        valid("services: {identity: {restart_policy: " + policy + "}}").services().get("identity");
    assertThat(CheckReport.ladder(service.restartPolicy())).isEqualTo(expected);
  }

  @Test
  void there_is_no_plan_for_what_is_not_valid() {
    ParseResult wrong = parse("services: {}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CheckReport.of(wrong, "n.yaml", OptionalLong.empty()));
  }
}
