package blackhole.orchestrator.config.parser;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.host.TlsFiles;
import blackhole.orchestrator.config.TlsConfig;
import blackhole.orchestrator.tls.TestTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that the configuration names. */
class TlsChecksTest {
  @TempDir Path folder;
  private TestTls pki;

  @BeforeEach
  void makeCertificates() throws IOException {
    pki = new TestTls(folder);
    pki.node("node-a");
  }

  private ParseResult parse(String yaml) throws IOException {
    return new ConfigParser(Configs.CATALOG, Configs.SECRETS)
        .parse(Files.writeString(folder.resolve("n.yaml"), yaml));
  }

  private List<String> errors(String yaml) throws IOException {
    return shown(parse(yaml).errors());
  }

  private List<String> warnings(String yaml) throws IOException {
    ParseResult result = parse(yaml);
    assertThat(result.errors()).isEmpty();
    return shown(result.warnings());
  }

  /** With short paths. */
  private List<String> shown(List<Problem> problems) {
    return problems.stream().map(p -> p.toString().replace(folder + "/", "")).toList();
  }

  private static String tls(String certificate, String key, String authority) {
    return """
    node:
      tls:
        certificate: %s
        key: %s
        certificate_authority: %s
    services: {identity: {port: 50001}}
    """
        .formatted(certificate, key, authority);
  }

  @Test
  void relative_paths_begin_in_the_files_folder() throws IOException {
    ParseResult result = parse(tls("node-a/node.pem", "./node-a/node.key", "ca.pem"));
    assertThat(result.errors()).isEmpty();
    assertThat(result.warnings()).isEmpty();
    assertThat(result.config().orElseThrow().tls())
        .isEqualTo(
            new TlsConfig(
                false,
                Optional.of(
                    new TlsFiles(
                        folder.resolve("node-a/node.pem"),
                        folder.resolve("node-a/node.key"),
                        folder.resolve("ca.pem")))));
    assertThat(CheckReport.of(result, "n.yaml", java.util.OptionalLong.empty()))
        .contains("\nTLS\n  mutual, with the certificates of node.tls\n");
  }

  @Test
  void all_three_or_none() throws IOException {
    assertThat(errors("node: {tls: {certificate: node-a/node.pem}}\nservices: {identity: {}}"))
        .containsExactly(
            "n.yaml:1:8 node.tls.key: is left out, expected certificate, key and"
                + " certificate_authority together",
            "n.yaml:1:8 node.tls.certificate_authority: is left out, expected certificate, key and"
                + " certificate_authority together");
  }

  @Test
  void certificates_and_plaintext() throws IOException {
    String yaml =
        tls("node-a/node.pem", "node-a/node.key", "ca.pem")
            .replace("  tls:\n", "  tls:\n    insecure_loopback: true\n");
    assertThat(errors(yaml))
        .containsExactly(
            "n.yaml:3:24 node.tls.insecure_loopback: true is there together with certificates,"
                + " expected only one of the two");
  }

  @Test
  void plaintext_on_a_port_is_a_warning() throws IOException {
    assertThat(
            warnings(
                """
                node: {tls: {insecure_loopback: true}}
                services:
                  identity: {port: 50001}
                  storage: {}
                  ledger: {port: 50002, enabled: false}
                """))
        .containsExactly(
            "n.yaml:3:20 services.identity.port: 50001 takes plaintext from every user of this"
                + " machine (insecure_loopback)");
  }

  @Test
  void files_that_are_not_there_or_none_at_all() throws IOException {
    Files.writeString(folder.resolve("empty.pem"), "");
    assertThat(errors(tls("nothing.pem", "empty.pem", ".")))
        .containsExactly(
            "n.yaml:3:18 node.tls.certificate: nothing.pem does not exist, expected a PEM file",
            "n.yaml:4:10 node.tls.key: empty.pem holds no key, expected PEM with BEGIN PRIVATE KEY"
                + " in it",
            "n.yaml:5:28 node.tls.certificate_authority: "
                + folder
                + " is a directory, expected a PEM file");
  }

  @Test
  void files_that_hold_the_wrong_thing() throws IOException {
    Files.writeString(
        folder.resolve("sec1.key"),
        "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\n");
    Files.writeString(
        folder.resolve("broken.pem"),
        "-----BEGIN CERTIFICATE-----\nMHcCAQEE\n-----END CERTIFICATE-----\n");
    List<String> errors = errors(tls("broken.pem", "sec1.key", "node-a/node.key"));
    assertThat(errors).hasSize(3);
    assertThat(errors.get(0))
        .startsWith(
            "n.yaml:3:18 node.tls.certificate: broken.pem holds a certificate that can't be read:");
    assertThat(errors.get(1))
        .startsWith("n.yaml:4:10 node.tls.key: sec1.key holds a key of the form EC PRIVATE KEY")
        .contains("expected PKCS #8", "openssl pkcs8 -topk8 -nocrypt");
    assertThat(errors.get(2))
        .isEqualTo(
            "n.yaml:5:28 node.tls.certificate_authority: node-a/node.key holds no certificate,"
                + " expected PEM with BEGIN CERTIFICATE in it");
  }

  @Test
  void a_key_of_another_certificate() throws Exception {
    pki.node("node-b");
    String expected = " is not the key of node-a/node.pem";
    assertThat(errors(tls("node-a/node.pem", "node-b/node.key", "ca.pem")))
        .containsExactly("n.yaml:4:10 node.tls.key: node-b/node.key" + expected);

    byte[] rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded();
    Files.writeString(
        folder.resolve("rsa.key"),
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(rsa)
            + "\n-----END PRIVATE KEY-----\n");
    assertThat(errors(tls("node-a/node.pem", "rsa.key", "ca.pem")))
        .containsExactly("n.yaml:4:10 node.tls.key: rsa.key" + expected);
  }

  @Test
  void certificates_that_are_not_valid_now() throws IOException {
    pki.expired("node-b", "old");
    pki.notYetValid("node-b", "new");
    assertThat(errors(tls("old/node.pem", "old/node.key", "ca.pem")))
        .singleElement()
        .asString()
        .matches(
            "n.yaml:3:18 node.tls.certificate: old/node.pem expired on [-0-9: ]+UTC, expected a"
                + " valid certificate");
    assertThat(errors(tls("new/node.pem", "new/node.key", "ca.pem")))
        .singleElement()
        .asString()
        .matches(
            "n.yaml:3:18 node.tls.certificate: new/node.pem is not valid before [-0-9: ]+UTC,"
                + " expected a valid certificate");
  }

  @Test
  void certificates_that_end_soon_or_are_for_others() throws IOException {
    pki.node("node-b", "soon", Clock.systemUTC(), Duration.ofDays(20));
    String yaml =
        tls("soon/node.pem", "soon/node.key", "ca.pem").replace("node:\n", "node:\n  id: node-a\n");
    List<String> warnings = warnings(yaml);
    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(0)).contains("node.tls.certificate: soon/node.pem expires on ");
    assertThat(warnings.get(1))
        .isEqualTo(
            "n.yaml:4:18 node.tls.certificate: soon/node.pem is for node-b, localhost, 127.0.0.1,"
                + " 0:0:0:0:0:0:0:1: other nodes, who expect node-a, will refuse it");
  }

  @Test
  void a_node_that_no_certificate_can_be_for() throws IOException {
    for (String id : List.of("node_a", "node-", "10.0.0.1", "a..b")) {
      assertThat(errors("node: {id: " + id + "}\nservices: {identity: {port: 50001}}"))
          .as(id)
          .containsExactly(
              "n.yaml:1:12 node.id: "
                  + id
                  + " can't be the name in a certificate, expected letters, digits and hyphens, in"
                  + " parts between dots (at most 63) where a TCP port or a remote node is"
                  + " configured");
      assertThat(errors("node: {id: " + id + "}\nservices: {identity: {}}")).as(id).isEmpty();
    }
  }
}
