package blackhole.orchestrator.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTrustTest {
  @TempDir Path folder;
  private Signers signers;
  private Signers.Signer ada;
  private Path bundle;
  private Path signed;

  @BeforeEach
  void sign() throws Exception {
    signers = new Signers(folder);
    ada = signers.alone("Ada");
    bundle = signers.bundle("a.service", "1.0.0");
    signed = signers.signed(bundle, ada);
  }

  private BundleTrust trust(Signers.Signer... trusted) throws Exception {
    List<Path> files = new ArrayList<>();
    for (Signers.Signer signer : trusted) {
      files.add(signers.pem(signer));
    }
    return new BundleTrust(files);
  }

  @Test
  void takesAllWhereNobodyIsNamed() {
    assertThat(BundleTrust.EVERYBODY.refusal(bundle)).isEmpty();
  }

  @Test
  void takesWhatIsSignedByOneOfThoseThatAreNamed() throws Exception {
    Signers.Signer bob = signers.alone("Bob");
    assertThat(trust(bob, ada).refusal(signed)).isEmpty();
    assertThat(trust(bob, ada).refusalOnce(signed)).isEmpty();
    assertThat(trust(bob).refusal(signed).orElseThrow())
        .startsWith("is signed by CN=Ada, who is not trusted");
    assertThat(trust(bob).refusalOnce(signed)).isPresent();
    // two have signed it, and one is enough
    assertThat(trust(bob).refusal(signers.signed(signed, bob))).isEmpty();
  }

  @Test
  void aNameIsNotACertificate() throws Exception {
    Signers.Signer mallory = signers.alone("Ada");
    assertThat(trust(ada).refusal(signers.signed(bundle, mallory)).orElseThrow())
        .startsWith("is signed by CN=Ada, who is not trusted");
    assertThat(
            trust(ada)
                .refusal(
                    signers.signed(
                        bundle, signers.below(mallory, "Eve", KeyPurposeId.id_kp_codeSigning, 0)))
                .orElseThrow())
        .startsWith("is signed by CN=Eve, who is not trusted");
  }

  @Test
  void whatIsNotSignedAsAWholeIsRefused() throws Exception {
    BundleTrust trust = trust(ada);
    assertThat(trust.refusal(bundle).orElseThrow()).startsWith("is not signed");
    assertThat(
            trust
                .refusal(signers.with(signed, Map.of("some/More.class", new byte[] {9})))
                .orElseThrow())
        .startsWith("is signed, but some/More.class in it is not");
    assertThat(
            trust
                .refusal(signers.with(signed, Map.of("META-INF/services/other", new byte[] {9})))
                .orElseThrow())
        .startsWith("is signed, but META-INF/services/other in it is not");
    assertThat(
            trust
                .refusal(signers.with(signed, Map.of("some/Thing.class", new byte[] {9})))
                .orElseThrow())
        .startsWith("was changed after it had been signed")
        .contains("some/Thing.class");
  }

  @Test
  void theHeadersOfAManifestAreSigned() throws Exception {
    String manifest;
    try (var jar = new ZipFile(signed.toFile())) {
      manifest =
          new String(
              jar.getInputStream(jar.getEntry("META-INF/MANIFEST.MF")).readAllBytes(),
              StandardCharsets.UTF_8);
    }
    byte[] other =
        manifest
            .replace("Bundle-Version: 1.0.0", "Bundle-Version: 9.0.0")
            .getBytes(StandardCharsets.UTF_8);
    assertThat(
            trust(ada)
                .refusal(signers.with(signed, Map.of("META-INF/MANIFEST.MF", other)))
                .orElseThrow())
        .startsWith("was changed after it had been signed");
  }

  @Test
  void anAuthorityIsNamedForAllWhomItLetsSignCode() throws Exception {
    BundleTrust trust = trust(ada);
    assertThat(trust.refusal(by("Bob", KeyPurposeId.id_kp_codeSigning, 0))).isEmpty();
    assertThat(trust.refusal(by("Web", KeyPurposeId.id_kp_serverAuth, 0)).orElseThrow())
        .startsWith("is signed by CN=Web, whose certificate is not for the signing of code");
    assertThat(trust.refusal(by("Any", null, 0)).orElseThrow())
        .startsWith("is signed by CN=Any, whose certificate is not for the signing of code");
    assertThat(trust.refusal(by("Old", KeyPurposeId.id_kp_codeSigning, -11)).orElseThrow())
        .startsWith("is signed by CN=Old, whose certificate expired on ");
    assertThat(trust.refusal(by("New", KeyPurposeId.id_kp_codeSigning, 2)).orElseThrow())
        .startsWith("is signed by CN=New, whose certificate is not valid before ");
  }

  private Path by(String name, @Nullable KeyPurposeId purpose, int startDays) throws Exception {
    return signers.signed(bundle, signers.below(ada, name, purpose, startDays));
  }

  @Test
  void aSignerMayBeNamedWithoutTheAuthority() throws Exception {
    Signers.Signer bob = signers.below(ada, "Bob", KeyPurposeId.id_kp_codeSigning, 0);
    assertThat(trust(bob).refusal(signers.signed(bundle, bob))).isEmpty();
    assertThat(trust(bob).refusal(signed)).isPresent();
  }

  @Test
  void certificatesAreReadAtEachQuestion() throws Exception {
    Path file = folder.resolve("trust.pem");
    BundleTrust trust = new BundleTrust(List.of(file));
    assertThat(trust.refusal(signed).orElseThrow())
        .startsWith("cannot be judged")
        .contains("trust.pem does not exist");
    Files.copy(signers.pem(ada), file);
    assertThat(trust.refusal(signed)).isEmpty();
  }
}
