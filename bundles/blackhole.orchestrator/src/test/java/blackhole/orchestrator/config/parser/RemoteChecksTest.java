package blackhole.orchestrator.config.parser;

import static blackhole.orchestrator.config.parser.Configs.errors;
import static blackhole.orchestrator.config.parser.Configs.valid;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.orchestrator.config.HostAndPort;
import blackhole.orchestrator.config.RemoteNode;
import blackhole.orchestrator.tls.TestTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code remote:}, the other nodes. */
class RemoteChecksTest {
  private static String remote(String list) {
    return "services: {identity: {}}\nremote: " + list + "\n";
  }

  @Test
  void nodes_in_the_order_of_the_file() {
    assertThat(
            valid(
                    """
                    services: {identity: {}}
                    remote:
                      - node_id: node-b
                        services:
                          storage: b.example:50002
                          identity: "[2001:db8::1]:50001"
                      - node_id: node-c.example
                        services: {storage: 10.0.0.3:1}
                    """)
                .remotes())
        .containsExactly(
            new RemoteNode(
                "node-b",
                Optional.empty(),
                Map.of(
                    "storage", new HostAndPort("b.example", 50002),
                    "identity", new HostAndPort("2001:db8::1", 50001))),
            new RemoteNode(
                "node-c.example",
                Optional.empty(),
                Map.of("storage", new HostAndPort("10.0.0.3", 1))));
    assertThat(valid("services: {identity: {}}\nremote:\n").remotes()).isEmpty();
  }

  @Test
  void an_authority_of_their_own(@TempDir Path folder) throws IOException {
    new TestTls(folder).node("node-b");
    Path file =
        Files.writeString(
            folder.resolve("n.yaml"),
            remote("[{node_id: node-b, certificate_authority: ca.pem, services: {x: h:1}}]"));
    ConfigParser parser = new ConfigParser(Configs.CATALOG, Configs.SECRETS);
    assertThat(parser.parse(file).config().orElseThrow().remotes().get(0).certificateAuthority())
        .contains(folder.resolve("ca.pem"));

    Files.delete(folder.resolve("ca.pem"));
    assertThat(parser.parse(file).errors())
        .extracting(Problem::toString)
        .containsExactly(
            file
                + ":2:51 remote.0.certificate_authority: "
                + folder
                + "/ca.pem does not exist, expected a PEM file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "h | h has no port, expected a host and a port such as node-b.example:50002",
        "50002 | 50002 has no port, expected a host and a port such as node-b.example:50002",
        "\"[::1]\" | \"[::1]\" has no port, expected a host and a port such as node-b.example:50002",
        "h:0 | h:0 has no valid port, expected one from 1 to 65535",
        "h:65536 | h:65536 has no valid port, expected one from 1 to 65535",
        "h:99999999999999999999 | h:99999999999999999999 has no valid port, expected one from 1 to 65535",
        "\"h:\" | \"h:\" has no valid port, expected one from 1 to 65535",
        "h:-1 | h:-1 has no valid port, expected one from 1 to 65535",
        "h:x | h:x has no valid port, expected one from 1 to 65535",
        "http://h:1 | http://h:1 is a URL, expected a host and a port such as node-b.example:50002",
        "-h:1 | -h:1 has no valid host, expected a host and a port such as node-b.example:50002",
        "h h:1 | h h:1 has no valid host, expected a host and a port such as node-b.example:50002",
        "::1:50 | ::1:50 has no valid host, expected a host and a port such as node-b.example:50002;"
            + " an address of IPv6 needs brackets",
        "true | true has no port, expected a host and a port such as node-b.example:50002",
        " | has no value, expected a host and a port such as node-b.example:50002 (or leave the key"
            + " out)",
      })
  void addresses(String address, String error) {
    String written = address == null ? "" : address;
    assertThat(
            errors(
                "services: {identity: {}}\nremote:\n- node_id: b\n  services:\n    storage: "
                    + written
                    + "\n"))
        .containsExactly(
            "n.yaml:5:" + (written.isEmpty() ? 13 : 14) + " remote.0.services.storage: " + error);
  }

  @Test
  void what_is_left_out() {
    assertThat(errors(remote("[{services: {x: h:1}}]")))
        .containsExactly(
            "n.yaml:2:10 remote.0.node_id: is left out, expected the node.id of the other node");
    String none =
        "has no service, expected at least one, for example \"storage: node-b.example:50002\"";
    assertThat(errors(remote("[{node_id: b}]")))
        .containsExactly("n.yaml:2:10 remote.0.services: " + none);
    assertThat(errors(remote("[{node_id: b, services: {}}]")))
        .containsExactly("n.yaml:2:23 remote.0.services: " + none);
  }

  @Test
  void keys_that_are_not_known() {
    assertThat(errors(remote("[{node: b, services: {x: h:1}}]")))
        .contains(
            "n.yaml:2:11 remote.0.node: unknown key, expected one of: node_id,"
                + " certificate_authority, services");
    assertThat(errors(remote("[{node_id: b, services: {x: h:1}, certificate_autority: x}]")))
        .containsExactly(
            "n.yaml:2:43 remote.0.certificate_autority: unknown key, did you mean"
                + " certificate_authority?");
    assertThat(errors(remote("[{node_id: b, services: {../x: h:1, y: h:1}}]")))
        .singleElement()
        .asString()
        .startsWith("n.yaml:2:34 remote.0.services.../x: \"../x\" can't be a name here");
    assertThat(errors("services: {identity: {}}\nremotes: []"))
        .containsExactly("n.yaml:2:1 remotes: unknown key, did you mean remote?");
  }

  @Test
  void what_is_no_list_of_nodes() {
    assertThat(errors(remote("{node_id: b}")))
        .containsExactly(
            "n.yaml:2:9 remote: a mapping is not a list, expected an element a line, after \"- \"");
    assertThat(errors(remote("b")))
        .containsExactly(
            "n.yaml:2:9 remote: b is not a list, expected an element a line, after \"- \"");
    assertThat(errors(remote("[b]")))
        .containsExactly(
            "n.yaml:2:10 remote.0: b is not a mapping, expected the keys node_id,"
                + " certificate_authority, services");
  }

  @Test
  void a_node_twice() {
    assertThat(
            errors(
                """
                services: {identity: {}}
                remote:
                  - {node_id: node-b, services: {x: h:1}}
                  - {node_id: Node-B, services: {y: h:2}}
                """))
        .containsExactly(
            "n.yaml:4:15 remote.1.node_id: Node-B is also remote.0.node_id (line 3), expected each"
                + " node once");
  }

  @Test
  void this_node_itself() {
    String expected = "remote.0.node_id: node-a is this node itself, expected another one";
    String other = remote("[{node_id: node-a, services: {x: h:1}}]");
    assertThat(errors("node: {id: node-a}\n" + other)).containsExactly("n.yaml:3:20 " + expected);
    ConfigParser made = new ConfigParser(Configs.CATALOG, Configs.SECRETS, Optional.of("node-a"));
    assertThat(made.parse(other, "n.yaml").errors())
        .extracting(Problem::toString)
        .containsExactly("n.yaml:2:20 " + expected);
  }

  @Test
  void a_node_that_no_certificate_can_be_for() {
    assertThat(errors(remote("[{node_id: 10.0.0.2, services: {x: h:1}}]")))
        .singleElement()
        .asString()
        .startsWith("n.yaml:2:20 remote.0.node_id: 10.0.0.2 can't be the name in a certificate");
  }

  @Test
  void remote_nodes_and_plaintext() {
    assertThat(
            errors(
                "node: {tls: {insecure_loopback: true}}\n"
                    + remote("[{node_id: b, services: {x: h:1}}]")))
        .containsExactly(
            "n.yaml:1:33 node.tls.insecure_loopback: true is there together with remote nodes,"
                + " which are called by mutual TLS only; expected false");
  }

  @Test
  void too_many_nodes() {
    StringBuilder list = new StringBuilder("services: {identity: {}}\nremote:\n");
    for (int i = 0; i <= 100; i++) {
      list.append("- {node_id: n").append(i).append(", services: {x: h:1}}\n");
    }
    assertThat(errors(list.toString()))
        .containsExactly("n.yaml:2:1 remote: has 101 nodes, expected at most 100");
  }
}
