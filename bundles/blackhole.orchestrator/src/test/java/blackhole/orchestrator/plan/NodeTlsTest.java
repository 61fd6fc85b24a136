package blackhole.orchestrator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.host.NodeHome;
import blackhole.api.host.TlsFiles;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.parser.ConfigParser;
import blackhole.orchestrator.config.parser.SecretResolver;
import blackhole.orchestrator.tls.CertificateIssuer;
import blackhole.orchestrator.tls.TestTls;
import blackhole.orchestrator.tls.x509.X509Issuer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeTlsTest {
  @TempDir Path temp;

  private NodeConfig config(String yaml) throws IOException {
    Path file = Files.writeString(temp.resolve("n.yaml"), yaml);
    return new ConfigParser(List::of, SecretResolver.SYSTEM).parse(file).config().orElseThrow();
  }

  private NodeHome home() {
    return NodeHome.of(temp.resolve("home"));
  }

  private static CertificateIssuer none() {
    throw new AssertionError("nothing is to be made");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "services: {identity: {}}",
        "services: {identity: {port: 1, enabled: false}, ledger: {}}",
        "node: {tls: {insecure_loopback: true}}\nservices: {identity: {port: 1}}"
      })
  void a_node_that_needs_none_has_none(String yaml) throws IOException {
    assertThat(NodeTls.prepare(home(), "node-a", config(yaml), NodeTlsTest::none)).isEmpty();
    assertThat(home().tls()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "services: {identity: {port: 1}}",
        "services: {identity: {}}\nremote: [{node_id: node-b, services: {storage: h:1}}]"
      })
  void development_certificates_are_made_on_first_use(String yaml) throws IOException {
    NodeConfig config = config(yaml);
    TlsFiles expected =
        new TlsFiles(
            home().tls().resolve("node.pem"),
            home().tls().resolve("node.key"),
            home().tls().resolve("ca.pem"));
    assertThat(NodeTls.prepare(home(), "node-a", config, X509Issuer::new)).contains(expected);
    assertThat(NodeTls.prepare(home(), "node-a", config, NodeTlsTest::none)).contains(expected);
  }

  @Test
  void configured_certificates_come_first() throws IOException {
    TlsFiles files = new TestTls(temp).node("node-a");
    NodeConfig config =
        config(
            """
            node:
              tls: {certificate: %s, key: %s, certificate_authority: %s}
            services: {identity: {port: 1}}
            """
                .formatted(files.certificate(), files.key(), files.certificateAuthority()));
    assertThat(NodeTls.prepare(home(), "node-a", config, NodeTlsTest::none)).contains(files);
    assertThat(home().tls()).doesNotExist();
  }

  @Test
  void an_id_that_no_certificate_can_be_for() throws IOException {
    NodeConfig config = config("services: {identity: {port: 1}}");
    assertThatThrownBy(() -> NodeTls.prepare(home(), "node_a", config, NodeTlsTest::none))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("node_a can't be the name in a certificate");
  }
}
