package blackhole.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.orchestrator.tls.Certificates;
import blackhole.orchestrator.tls.Pem;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates by command line, without a node. */
class CertsCommandTest {
  @TempDir Path temp;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... words) {
    out.reset();
    err.reset();
    return new Launcher(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("BLACKHOLE_HOME", temp.resolve("home").toString()))
        .run(List.of(words));
  }

  private String output() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static X509Certificate certificate(Path file) throws Exception {
    return Pem.certificates(file).get(0);
  }

  @Test
  void a_home_gets_an_authority_and_a_certificate_once() throws Exception {
    assertThat(run("certs")).isZero();

    Path tls = temp.resolve("home/tls");
    String id = Files.readString(temp.resolve("home/state/node.id")).strip();
    assertThat(output())
        .contains(
            "certificate authority (made)",
            "  certificate  " + tls.resolve("ca.pem"),
            "  key          " + tls.resolve("ca.key") + " (signs nodes",
            id + " (made)",
            "  subject      CN=" + id + ",O=Blackhole",
            "  names        " + id + ", localhost, ");
    assertThat(errors()).isEmpty();
    String before = Files.readString(tls.resolve("node.pem"));

    assertThat(run("certs")).isZero();
    assertThat(output()).contains("certificate authority (found)", id + " (found)");
    assertThat(Files.readString(tls.resolve("node.pem"))).isEqualTo(before);

    assertThat(run("certs", "--force")).isZero();
    assertThat(output()).contains("certificate authority (found)", id + " (renewed)");
    assertThat(Files.readString(tls.resolve("node.pem"))).isNotEqualTo(before);
  }

  @Test
  void two_nodes_of_one_authority_one_after_the_other() throws Exception {
    Path pki = temp.resolve("pki");
    assertThat(
            run(
                "certs",
                "--node",
                "node-a",
                "--host",
                "a.example",
                "--host",
                "10.0.0.1",
                "--days",
                "90",
                "--out",
                pki.toString()))
        .isZero();
    assertThat(output())
        .contains("certificate authority (made)", "node-a (made)")
        .contains("copy " + pki.resolve("node-a"), "as HOME/tls")
        .contains(
            "  node:\n    id: node-a\n    tls:\n      certificate: "
                + pki.resolve("node-a/node.pem"));
    assertThat(run("certs", "--node", "node-b", "--host", "::2", "--out", pki.toString())).isZero();
    assertThat(output()).contains("certificate authority (found)", "node-b (made)");

    X509Certificate a = certificate(pki.resolve("node-a/node.pem"));
    X509Certificate b = certificate(pki.resolve("node-b/node.pem"));
    assertThat(Certificates.names(a))
        .containsExactly(
            "node-a", "localhost", "a.example", "127.0.0.1", "0:0:0:0:0:0:0:1", "10.0.0.1");
    assertThat(Certificates.names(b)).contains("node-b", "0:0:0:0:0:0:0:2");
    for (Path folder : List.of(pki.resolve("node-a"), pki.resolve("node-b"))) {
      X509Certificate authority = certificate(folder.resolve("ca.pem"));
      assertThat(authority).isEqualTo(certificate(pki.resolve("ca.pem")));
      assertThat(Certificates.isSignedBy(certificate(folder.resolve("node.pem")), authority))
          .isTrue();
      assertThat(folder.resolve("ca.key")).doesNotExist();
    }
    assertThat(temp.resolve("home")).doesNotExist();
  }

  @Test
  void a_folder_that_was_copied_serves_as_a_homes_own() throws Exception {
    assertThat(run("certs", "--node", "node-a", "--out", temp.resolve("pki").toString())).isZero();
    Files.createDirectories(temp.resolve("home"));
    Files.move(temp.resolve("pki/node-a"), temp.resolve("home/tls"));
    Path file = Files.writeString(temp.resolve("node-a"), "");

    assertThat(run("certs", "--config", file.toString())).isZero();
    assertThat(output()).contains("node-a (found)", "  key          not here");

    Path other = Files.writeString(temp.resolve("node-b"), "");
    assertThat(run("certs", "--config", other.toString())).isEqualTo(1);
    assertThat(errors())
        .contains("home/tls/ca.key does not exist, so no certificate for node-b can be signed");
  }

  @Test
  void an_authority_that_is_elsewhere() throws Exception {
    Path ca = temp.resolve("ca");
    assertThat(run("certs", "--node", "node-a", "--out", ca.toString())).isZero();
    Path out = temp.resolve("with space");
    assertThat(run("certs", "--node", "node-b", "--ca", ca.toString(), "--out", out.toString()))
        .isZero();
    assertThat(out.resolve("ca.pem")).doesNotExist();
    assertThat(certificate(out.resolve("node-b/ca.pem")))
        .isEqualTo(certificate(ca.resolve("ca.pem")));
    assertThat(output()).contains("certificate: \"" + out + "/node-b/node.pem\"");
  }

  @Test
  void what_is_there_is_not_replaced_unasked() throws Exception {
    String pki = temp.resolve("pki").toString();
    assertThat(run("certs", "--node", "node-a", "--out", pki)).isZero();
    assertThat(run("certs", "--node", "node-a", "--host", "a.example", "--out", pki)).isZero();
    assertThat(output()).contains("node-a (found)");
    assertThat(errors())
        .isEqualTo(
            "the certificate of node-a was there already, and is not for a.example; --force makes"
                + " it anew\n");
    assertThat(run("certs", "--node", "node-a", "--host", "a.example", "--out", pki, "--force"))
        .isZero();
    assertThat(errors()).isEmpty();
    assertThat(Certificates.names(certificate(Path.of(pki, "node-a", "node.pem"))))
        .contains("a.example");
  }

  @Test
  void files_that_are_of_no_use_are_named() throws Exception {
    Path pki = temp.resolve("pki");
    assertThat(run("certs", "--node", "node-a", "--out", pki.toString())).isZero();
    Files.writeString(pki.resolve("ca.key"), "rubbish");
    assertThat(run("certs", "--node", "node-b", "--out", pki.toString())).isEqualTo(1);
    assertThat(errors()).contains(pki.resolve("ca.key") + " holds no key");
    assertThat(output()).isEmpty();
  }
}
