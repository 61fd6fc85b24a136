package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.testkit.CommandResult;
import blackhole.testkit.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code certs} of the jar that is shipped, which loads what signs from the jars inside it. */
class CertificatesTest {
  @TempDir private Path directory;

  @Test
  void twoNodesOfOneAuthorityAreMade() throws IOException {
    Path pki = directory.resolve("pki");
    CommandResult result =
        Commands.launcher("certs", "--node", "node-a", "--node", "node-b", "--out", "" + pki);
    assertThat(result.exitCode()).as(result.stderr()).isZero();
    assertThat(result.stdout())
        .contains("certificate authority (made)", "node-a (made)", "node-b (made)");
    assertThat(Files.readString(pki.resolve("node-a/ca.pem")))
        .isEqualTo(Files.readString(pki.resolve("node-b/ca.pem")));
  }

  @Test
  void aConfigurationWithForeignKeysIsRefusedBeforeAnythingStarts() throws IOException {
    String pki = "" + directory.resolve("pki");
    assertThat(
            Commands.launcher("certs", "--node", "node-a", "--node", "node-b", "--out", pki)
                .exitCode())
        .isZero();
    Path file = directory.resolve("node.yaml");
    Files.writeString(
        file,
        """
        node:
          tls:
            certificate: pki/node-a/node.pem
            key: pki/node-b/node.key
            certificate_authority: pki/ca.pem
        services: {identity: {port: 50001}}
        """);
    for (String command : new String[] {"check", "run"}) {
      CommandResult result =
          Commands.launcher(
              command, "--config", "" + file, "--home", "" + directory.resolve("home"));
      assertThat(result.exitCode()).as(command).isEqualTo(2);
      assertThat(result.stderr())
          .contains(file + ":4:10 node.tls.key: ", "node-b/node.key is not the key of");
    }
  }
}
