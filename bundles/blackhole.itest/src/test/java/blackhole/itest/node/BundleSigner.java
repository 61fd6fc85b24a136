package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.testkit.CommandResult;
import blackhole.testkit.Commands;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;

/** Somebody who signs bundles, with the JDK's own tools. */
final class BundleSigner {
  private static final String PASSWORD = "changeit";
  private static final String ALIAS = "signer";

  private final Path folder;
  private final PrivateKey key;
  private final Certificate certificate;

  private BundleSigner(Path folder, PrivateKey key, Certificate certificate) {
    this.folder = folder;
    this.key = key;
    this.certificate = certificate;
  }

  /**
   * @param folder empty, for keys and bundles
   */
  static BundleSigner make(Path folder) throws Exception {
    Path keys = folder.resolve("keys.p12");
    CommandResult made =
        Commands.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-dname",
                "CN=Ada",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD));
    assertThat(made.exitCode()).as(made.toString()).isZero();
    KeyStore store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
    return new BundleSigner(
        folder,
        (PrivateKey) store.getKey(ALIAS, PASSWORD.toCharArray()),
        store.getCertificate(ALIAS));
  }

  /** A PEM file for {@code node.trust}. */
  Path certificate() throws Exception {
    return Files.writeString(
        folder.resolve("signer.pem"),
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
            + "\n-----END CERTIFICATE-----\n");
  }

  /** The same bundle, signed. */
  Path signed(Path bundle) throws Exception {
    Path file = Files.createTempDirectory(folder, "signed-").resolve(bundle.getFileName());
    JarSigner signer =
        new JarSigner.Builder(
                key, CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)))
            .build();
    try (ZipFile in = new ZipFile(bundle.toFile());
        OutputStream out = Files.newOutputStream(file)) {
      signer.sign(in, out);
    }
    return file;
  }
}
