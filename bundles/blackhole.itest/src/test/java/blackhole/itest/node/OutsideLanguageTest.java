package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import blackhole.itest.Repository;
import blackhole.testkit.CommandResult;
import blackhole.testkit.Commands;
import blackhole.testkit.TestNode;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A program in JavaScript calls identity and storage with the gRPC library of its own language. It
 * is skipped where its packages are not installed: {@code npm ci} in {@code outside/} does that.
 */
class OutsideLanguageTest {
  private static final Path CLIENT =
      Repository.root().resolve("bundles/blackhole.itest/outside/client.mjs");

  private static List<Integer> ports;
  private static TestNode node;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(
        Files.isDirectory(CLIENT.resolveSibling("node_modules")),
        "the outside client's packages are not installed");
    ports = Ports.free(2);
    node =
        TestNode.start(
            """
            node: { id: outside }
            services:
              identity: { port: %d }
              storage: { port: %d }
            """
                .formatted(ports.get(0), ports.get(1)));
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.close();
    }
  }

  @Test
  void callsOverUnixSockets() {
    assertThat(run("unix:" + node.socket("identity"), "unix:" + node.socket("storage")))
        .isEqualTo("UNAUTHENTICATED");
  }

  /** A certificate of a node is proof enough for storage. */
  @Test
  void callsOverTls() {
    Path tls = node.home().resolve("tls");
    assertThat(
            run(
                "127.0.0.1:" + ports.get(0),
                "127.0.0.1:" + ports.get(1),
                tls.resolve("ca.pem").toString(),
                tls.resolve("node.pem").toString(),
                tls.resolve("node.key").toString(),
                "outside"))
        .isEqualTo("OK");
  }

  /** Gives what became of a put without a token. */
  private static String run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("node", CLIENT.toString()));
    command.addAll(List.of(arguments));
    CommandResult result = Commands.run(command);
    assertThat(result.exitCode()).as(result.stderr()).isZero();
    JsonObject printed = JsonParser.parseString(result.stdout()).getAsJsonObject();
    assertThat(printed.get("did").getAsString()).startsWith("did:key:z");
    assertThat(printed.get("cid").getAsString()).startsWith("bafkrei");
    assertThat(printed.get("content").getAsString()).isEqualTo("from outside");
    return printed.get("without_token").getAsString();
  }
}
