package blackhole.orchestrator.config.parser;

import static blackhole.orchestrator.config.parser.Configs.errors;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and names that can't be where they are, and the order in which all of it is told. */
class KeyErrorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prot             | did you mean port?",
        "depends-on       | did you mean depends_on?",
        "dependsOn        | did you mean depends_on?",
        "enable           | did you mean enabled?",
        "resource_limit   | did you mean resource_limits?",
        "max_memory       | did you mean resource_limits.max_memory?",
        "initial_delay    | did you mean grpc.retry.initial_delay?",
        "<<               | merge keys are not part of YAML 1.2, expected the keys themselves",
      })
  void a_key_that_is_close_to_one(String key, String hint) {
    String message = key.equals("<<") ? hint : "unknown key, " + hint;
    assertThat(errors("services:\n  identity:\n    " + key + ": {}\n"))
        .containsExactly("n.yaml:3:5 services.identity." + key + ": " + message);
  }

  @Test
  void a_key_that_is_close_to_none() {
    assertThat(errors("supervisors:\nservice:\nvolumes: {}\nservices: {identity: {}}\n"))
        .containsExactly(
            "n.yaml:1:1 supervisors: unknown key, did you mean supervisor?",
            "n.yaml:2:1 service: unknown key, did you mean services?",
            "n.yaml:3:1 volumes: unknown key, expected one of: node, services, remote, supervisor");
  }

  @Test
  void a_key_that_is_there_twice() {
    assertThat(
            errors(
                """
                services:
                  identity:
                    port: 1
                    enabled: true
                    port: 2
                  identity: {}
                services: {}
                """))
        .containsExactly(
            "n.yaml:5:5 services.identity.port: is there twice, first on line 3, expected once",
            "n.yaml:6:3 services.identity: is there twice, first on line 2, expected once",
            "n.yaml:7:1 services: is there twice, first on line 1, expected once");
  }

  @Test
  void a_key_that_is_a_collection() {
    assertThat(errors("services:\n  identity:\n    ? [a, b]\n    : 1\n"))
        .containsExactly(
            "n.yaml:3:7 services.identity: a key is a list or a mapping, expected a name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/b", "Identity", "1st", "-a", "a_b", "a.b", "é", "5", " "})
  void names_of_services(String name) {
    assertThat(errors("services:\n  \"" + name + "\": {}\n"))
        .containsExactly(
            "n.yaml:2:3 services."
                + name
                + ": \""
                + name
                + "\" can't be a name here, expected a name of lower-case letters, digits and"
                + " hyphens that starts with a letter (at most 63)");
  }

  @Test
  void the_longest_name_of_a_service() {
    assertThat(errors("services: {" + "a".repeat(63) + ": {}}\n")).isEmpty();
    assertThat(errors("services: {" + "a".repeat(64) + ": {}}\n")).hasSize(1);
  }

  @Test
  void what_a_terminal_would_act_on_is_not_printed() {
    assertThat(errors("services: {identity: {}}\n\"\\e[31m\\u202e\": 1\nnode: {id: \"\\a\\n\"}\n"))
        .containsExactly(
            "n.yaml:2:1 \\u001b[31m\\u202e: unknown key, expected one of: node, services, remote,"
                + " supervisor",
            "n.yaml:3:12 node.id: \"\\u0007\\u000a\" is not valid here, expected letters, digits,"
                + " dots, hyphens and underscores (at most 63)");
  }

  @Test
  void no_services() {
    assertThat(errors("node: {id: a}\n"))
        .containsExactly(
            "n.yaml:1:1 services: no services, expected at least one service, for example"
                + " \"services: {identity: {}}\"");
    assertThat(errors("node: {id: a}\nservices:\n"))
        .containsExactly(
            "n.yaml:2:1 services: no services, expected at least one service, for example"
                + " \"services: {identity: {}}\"");
  }

  @Test
  void more_services_than_a_node_can_have() {
    StringBuilder yaml = new StringBuilder("services:\n");
    for (int i = 0; i < 1001; i++) {
      yaml.append("  s%d: {depends_on: [s%d]}\n".formatted(i, i + 1));
    }
    assertThat(errors(yaml.toString()))
        .containsExactly("n.yaml:1:1 services: has 1001 services, expected at most 1000");
  }

  @Test
  void all_errors_at_once_in_the_order_of_the_file() {
    assertThat(
            errors(
                """
                services:
                  identity:
                    port: 0
                    depends_on: [storag, 5]
                  ../x:
                    port: 70000
                  storage:
                    port: 50001
                    restart_policy: {max_backoff: 1s, restart_delay: 2s}
                  ledger:
                    port: 50001
                    depends_on: [ledger, nobody]
                supervisor:
                  resource_policies:
                    a: {members: [storage]}
                    b: {members: [storage], max_memory_buffer: 200%}
                """))
        .containsExactly(
            "n.yaml:3:11 services.identity.port: 0 is out of range, expected a whole number from 1"
                + " to 65535",
            "n.yaml:4:26 services.identity.depends_on: 5 is a number, expected the name of a"
                + " service, in quotes",
            "n.yaml:5:3 services.../x: \"../x\" can't be a name here, expected a name of lower-case"
                + " letters, digits and hyphens that starts with a letter (at most 63)",
            "n.yaml:6:11 services.../x.port: 70000 is out of range, expected a whole number from 1"
                + " to 65535",
            "n.yaml:9:35 services.storage.restart_policy.max_backoff: 1s is below restart_delay"
                + " (2s), expected at least 2s",
            "n.yaml:11:11 services.ledger.port: 50001 is also services.storage.port (line 8),"
                + " expected one of its own",
            "n.yaml:12:18 services.ledger.depends_on: the service depends on itself (ledger ->"
                + " ledger), expected other services only",
            "n.yaml:12:26 services.ledger.depends_on: nobody is not configured, expected one of"
                + " the services",
            "n.yaml:16:19 supervisor.resource_policies.b.members: storage is in a already,"
                + " expected each service in one class",
            "n.yaml:16:48 supervisor.resource_policies.b.max_memory_buffer: 200% is out of range,"
                + " expected a percentage from 0% to 100%, or a fraction from 0 to 1");
  }
}
