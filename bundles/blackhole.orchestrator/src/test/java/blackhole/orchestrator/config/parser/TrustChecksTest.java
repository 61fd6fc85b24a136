package blackhole.orchestrator.config.parser;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.orchestrator.trust.Signers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose bundles a node takes, as its configuration says. */
class TrustChecksTest {
  @TempDir Path folder;
  private Signers signers;
  private Signers.Signer ada;

  @BeforeEach
  void makeCertificates() throws Exception {
    signers = new Signers(folder);
    ada = signers.alone("Ada");
  }

  private ParseResult parse(Path trusted, String bundle) throws IOException {
    return new ConfigParser(Configs.CATALOG, Configs.SECRETS)
        .parse(
            Files.writeString(
                folder.resolve("n.yaml"),
                """
                node: { trust: [ "%s" ] }
                services: { s: { bundle: "%s" } }
                """
                    .formatted(folder.relativize(trusted), bundle)));
  }

  private List<String> shown(List<Problem> problems) {
    return problems.stream().map(p -> p.toString().replace(folder + "/", "")).toList();
  }

  @Test
  void a_configured_bundle_is_of_somebody_who_is_trusted() throws Exception {
    Path unsigned = signers.bundle("my.service", "1.0.0");
    Path pem = signers.pem(ada);
    ParseResult taken = parse(pem, signers.signed(unsigned, ada).toString());
    assertThat(taken.errors()).isEmpty();
    assertThat(taken.config().orElseThrow().bundles().trust()).containsExactly(pem);
    assertThat(parse(pem, "blackhole.identity").errors()).isEmpty();
    assertThat(shown(parse(pem, unsigned.toString()).errors()))
        .containsExactly(
            "n.yaml:2:26 services.s.bundle: "
                + unsigned.getFileName()
                + " is not signed, and node.trust asks for a trusted signature");
  }

  @Test
  void certificates_are_there_and_of_use() throws Exception {
    assertThat(shown(parse(folder.resolve("none.pem"), "blackhole.identity").errors()))
        .containsExactly("n.yaml:1:18 node.trust: none.pem does not exist, expected a PEM file");
    Path old = signers.pem(signers.below(ada, "Old", KeyPurposeId.id_kp_codeSigning, -11));
    ParseResult result = parse(old, "blackhole.identity");
    assertThat(result.errors()).isEmpty();
    assertThat(shown(result.warnings()))
        .singleElement()
        .asString()
        .contains("node.trust: " + old.getFileName() + " expired on ", "signed by its leave");
  }
}
