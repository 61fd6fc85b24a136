package blackhole.orchestrator.config.parser;

import static blackhole.orchestrator.config.parser.Configs.errors;
import static blackhole.orchestrator.config.parser.Configs.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values that are fine alone, and wrong together. */
class ServiceChecksTest {
  private static String identity(String body) {
    return "services:\n  identity: {" + body + "}\n";
  }

  @Test
  void the_cap_of_the_backoff_below_its_start() {
    assertThat(errors(identity("restart_policy: {restart_delay: 1m}")))
        .containsExactly(
            "n.yaml:2:46 services.identity.restart_policy.restart_delay: 1m is above max_backoff"
                + " (30s by default), expected at most 30s");
    assertThat(errors(identity("restart_policy: {max_backoff: 500ms}")))
        .containsExactly(
            "n.yaml:2:44 services.identity.restart_policy.max_backoff: 500ms is below"
                + " restart_delay (1s by default), expected at least 1s");
    assertThat(errors(identity("restart_policy: {restart_delay: 30s}"))).isEmpty();
  }

  @Test
  void the_cap_of_the_retries_below_their_start() {
    assertThat(errors(identity("grpc: {retry: {max_delay: 1s, initial_delay: 2s}}")))
        .containsExactly(
            "n.yaml:2:40 services.identity.grpc.retry.max_delay: 1s is below initial_delay (2s),"
                + " expected at least 2s");
  }

  @Test
  void a_wrong_value_is_not_compared() {
    assertThat(errors(identity("restart_policy: {restart_delay: 1y, max_backoff: 500ms}")))
        .singleElement()
        .asString()
        .contains("1y is not a duration");
  }

  @Test
  void fewer_instances_at_most_than_at_least() {
    assertThat(errors(identity("scaling: {min_instances: 3, max_instances: 2}")))
        .containsExactly(
            "n.yaml:2:57 services.identity.scaling.max_instances: 2 is below min_instances (3),"
                + " expected at least 3");
    assertThat(errors(identity("scaling: {min_instances: 4}")))
        .containsExactly(
            "n.yaml:2:39 services.identity.scaling.min_instances: 4 is above max_instances (3 by"
                + " default), expected at most 3");
    assertThat(errors(identity("scaling: {min_instances: 2, max_instances: 2}"))).isEmpty();
  }

  @Test
  void a_fixed_number_of_instances_that_scale() {
    assertThat(errors(identity("instances: 2, scaling: {}")))
        .containsExactly(
            "n.yaml:2:25 services.identity.instances: is there together with scaling, expected"
                + " only one of the two");
  }

  @Test
  void a_socket_that_several_instances_would_share() {
    assertThat(errors(identity("instances: 2, unix_socket: /run/i.sock")))
        .containsExactly(
            "n.yaml:2:41 services.identity.unix_socket: is one path for up to 2 instances,"
                + " expected {instance} in it");
    assertThat(errors(identity("scaling: {}, unix_socket: /run/i.sock")))
        .containsExactly(
            "n.yaml:2:40 services.identity.unix_socket: is one path for up to 3 instances,"
                + " expected {instance} in it");
    assertThat(errors(identity("instances: 2, unix_socket: \"/run/i-{instance}.sock\""))).isEmpty();
  }

  @Test
  void a_socket_path_that_is_too_long_counts_in_bytes() {
    String longest = "/" + "a".repeat(105);
    assertThat(errors(identity("unix_socket: " + longest))).isEmpty();
    assertThat(errors(identity("unix_socket: " + longest + "b")))
        .containsExactly(
            "n.yaml:2:27 services.identity.unix_socket: is 107 bytes long, expected at most 106,"
                + " the most that a Unix socket's path can hold");
    assertThat(errors(identity("unix_socket: /" + "é".repeat(54)))).hasSize(1);
    // of 1000 instances, the last has the longest path
    String hundredAndTwo = "/" + "a".repeat(101);
    assertThat(
            errors(identity("instances: 999, unix_socket: \"" + hundredAndTwo + "-{instance}\"")))
        .isEmpty();
    assertThat(
            errors(identity("instances: 1000, unix_socket: \"" + hundredAndTwo + "-{instance}\"")))
        .hasSize(1);
  }

  @Test
  void a_socket_of_two_services() {
    assertThat(
            errors(
                """
                services:
                  identity:
                    unix_socket: /run/a.sock
                  storage:
                    unix_socket: /run/a.sock
                """))
        .containsExactly(
            "n.yaml:5:18 services.storage.unix_socket: /run/a.sock is also"
                + " services.identity.unix_socket (line 3), expected one of its own");
  }

  @Test
  void circles_are_printed_once_each() {
    assertThat(
            errors(
                """
                services:
                  identity: {depends_on: [storage]}
                  storage: {depends_on: [ledger]}
                  ledger: {depends_on: [identity, storage]}
                """))
        .containsExactly(
            "n.yaml:4:25 services.ledger.depends_on: services depend on each other in a circle"
                + " (identity -> storage -> ledger -> identity), expected none",
            "n.yaml:4:35 services.ledger.depends_on: services depend on each other in a circle"
                + " (storage -> ledger -> storage), expected none");
  }

  @Test
  void dependencies_that_are_unknown_or_disabled() {
    assertThat(errors("services:\n  identity: {depends_on: [identiti]}\n"))
        .containsExactly(
            "n.yaml:2:27 services.identity.depends_on: identiti is not configured, expected one of"
                + " the services; did you mean identity?");
    assertThat(
            warnings(
                "services:\n  identity: {depends_on: [storage]}\n  storage: {enabled: false}\n"))
        .containsExactly(
            "n.yaml:2:27 services.identity.depends_on: storage is disabled, so identity will start"
                + " without it");
    assertThat(warnings("services: {identity: {enabled: false}}\n"))
        .containsExactly(
            "n.yaml:1:1 services: all services are disabled, so the node will run none");
  }

  @Test
  void policies_of_services_that_are_not_there() {
    assertThat(
            warnings(
                """
                services: {identity: {}}
                supervisor:
                  resource_policies:
                    critical_services: {members: [identty, ledger]}
                """))
        .containsExactly(
            "n.yaml:4:35 supervisor.resource_policies.critical_services.members: identty is not"
                + " configured, did you mean identity?",
            "n.yaml:4:44 supervisor.resource_policies.critical_services.members: ledger is not"
                + " configured");
  }

  @Test
  void members_that_are_refused_are_not_looked_at_again() {
    assertThat(
            errors(
                """
                services: {identity: {}, ledger: {}}
                supervisor:
                  resource_policies:
                    critical_services: {members: [5]}
                    mine: {members: [identity, identity]}
                """))
        .containsExactly(
            "n.yaml:4:35 supervisor.resource_policies.critical_services.members: 5 is a number,"
                + " expected the name of a service, in quotes",
            "n.yaml:5:32 supervisor.resource_policies.mine.members: identity is in mine already,"
                + " expected each service in one class");
  }

  @Test
  void bundles_that_this_launcher_does_not_carry() {
    assertThat(warnings("services:\n  identiy: {}\n  greeter: {bundle: org.example.greeter}\n"))
        .containsExactly(
            "n.yaml:2:3 services.identiy.bundle: blackhole.identiy is not in this launcher, did you"
                + " mean blackhole.identity?; the service will fail to start",
            "n.yaml:3:21 services.greeter.bundle: org.example.greeter is not in this launcher; the"
                + " service will fail to start");
  }

  @Test
  void data_that_only_one_instance_may_use() {
    assertThat(errors("services:\n  ledger: {instances: 2}\n"))
        .containsExactly(
            "n.yaml:2:23 services.ledger.instances: 2 instances can't share the data of"
                + " blackhole.ledger (Blackhole-Data: single), expected 1");
    assertThat(errors("services:\n  ledger: {scaling: {}}\n"))
        .containsExactly(
            "n.yaml:2:12 services.ledger.scaling.max_instances: 3 instances can't share the data"
                + " of blackhole.ledger (Blackhole-Data: single), expected 1");
    assertThat(errors("services:\n  ledger: {scaling: {max_instances: 1}}\n")).isEmpty();
    assertThat(errors("services:\n  identity: {instances: 2}\n")).isEmpty();
  }

  @Test
  void bundles_by_path(@TempDir Path folder) throws IOException {
    Path single = jar(folder.resolve("single.jar"), "org.example.x;singleton:=true", " Single ");
    assertThat(errors(identity("bundle: " + single))).isEmpty();
    assertThat(errors(identity("instances: 2, bundle: " + single)))
        .containsExactly(
            "n.yaml:2:25 services.identity.instances: 2 instances can't share the data of"
                + " org.example.x (Blackhole-Data: single), expected 1");
    Path plain = jar(folder.resolve("plain.jar"), null, null);
    Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
    assertThat(errors(identity("bundle: " + plain)))
        .containsExactly(pathError(plain + " is a jar without Bundle-SymbolicName"));
    assertThat(errors(identity("bundle: " + text)))
        .containsExactly(pathError(text + " is not a jar that can be read"));
    assertThat(errors(identity("bundle: " + folder + "/none.jar")))
        .containsExactly(pathError(folder + "/none.jar does not exist"));
    assertThat(errors(identity("bundle: " + folder)))
        .containsExactly(pathError(folder + " is not a file"));
  }

  @Test
  void paths_are_relative_to_the_file(@TempDir Path folder) throws IOException {
    Path jar = jar(folder.resolve("x.jar"), "org.example.x", "shared");
    Path file = Files.writeString(folder.resolve("n.yaml"), identity("bundle: x.jar"));
    assertThat(
            Configs.parser()
                .parse(file)
                .config()
                .orElseThrow()
                .services()
                .get("identity")
                .bundlePath())
        .contains(jar);
  }

  private static String pathError(String what) {
    return "n.yaml:2:22 services.identity.bundle: " + what + ", expected the jar of a bundle";
  }

  private static Path jar(Path path, String symbolicName, String data) throws IOException {
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (symbolicName != null) {
      headers.putValue("Bundle-SymbolicName", symbolicName);
      headers.putValue("Blackhole-Data", data);
    }
    try (OutputStream out = Files.newOutputStream(path)) {
      new JarOutputStream(out, manifest).close();
    }
    return path;
  }
}
