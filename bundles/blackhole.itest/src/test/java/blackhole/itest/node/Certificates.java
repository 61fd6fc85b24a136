package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.testkit.CommandResult;
import blackhole.testkit.Commands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One authority, and certificates of nodes that it has signed, made as an operator does. */
record Certificates(Path directory) {
  static Certificates make(Path directory, String... nodes) {
    List<String> arguments = new ArrayList<>(List.of("certs", "--out", directory.toString()));
    for (String node : nodes) {
      arguments.add("--node");
      arguments.add(node);
    }
    CommandResult made = Commands.launcher(arguments.toArray(String[]::new));
    assertThat(made.exitCode()).as(made.stderr()).isZero();
    return new Certificates(directory);
  }

  Path authority() {
    return directory.resolve("ca.pem");
  }

  Path certificate(String node) {
    return directory.resolve(node).resolve("node.pem");
  }

  Path key(String node) {
    return directory.resolve(node).resolve("node.key");
  }

  /** What goes under {@code node:} of this node's configuration. */
  String yaml(String node) {
    return "tls: { certificate: %s, key: %s, certificate_authority: %s }"
        .formatted(certificate(node), key(node), directory.resolve(node).resolve("ca.pem"));
  }
}
