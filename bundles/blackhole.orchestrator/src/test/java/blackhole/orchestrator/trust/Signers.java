package blackhole.orchestrator.trust;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.security.auth.x500.X500Principal;
import jdk.security.jarsigner.JarSigner;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** People who sign bundles, and their authorities, in a folder of a test. */
public final class Signers {
  private final Path folder;

  public Signers(Path folder) {
    this.folder = folder;
  }

  /**
   * One who has a certificate.
   *
   * @param chain the own certificate first
   */
  public record Signer(PrivateKey key, List<X509Certificate> chain) {
    /** As the files of a signature are named. */
    String name() {
      return certificate()
          .getSubjectX500Principal()
          .getName()
          .replaceFirst("^CN=", "")
          .toUpperCase(Locale.ROOT);
    }

    X509Certificate certificate() {
      return chain.get(0);
    }
  }

  /** One whose certificate is its own. */
  public Signer alone(String name) throws Exception {
    KeyPair keys = keys();
    return new Signer(
        keys.getPrivate(), List.of(certificate(name, keys, name, keys, true, null, 0)));
  }

  /**
   * One whose certificate an authority issued.
   *
   * @param startDays from when on it is valid for ten days, in days from now
   */
  public Signer below(Signer authority, String name, @Nullable KeyPurposeId purpose, int startDays)
      throws Exception {
    KeyPair keys = keys();
    X509Certificate issuer = authority.certificate();
    X509Certificate own =
        certificate(
            name,
            keys,
            issuer.getSubjectX500Principal().getName().replaceFirst("^CN=", ""),
            new KeyPair(issuer.getPublicKey(), authority.key()),
            false,
            purpose,
            startDays);
    return new Signer(keys.getPrivate(), List.of(own, issuer));
  }

  private static KeyPair keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static X509Certificate certificate(
      String name,
      KeyPair keys,
      String issuer,
      KeyPair issuerKeys,
      boolean authority,
      @Nullable KeyPurposeId purpose,
      int startDays)
      throws Exception {
    Instant start = Instant.now().plus(Duration.ofDays(startDays)).minusSeconds(60);
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Principal("CN=" + issuer),
            BigInteger.valueOf(System.nanoTime()),
            Date.from(start),
            Date.from(start.plus(Duration.ofDays(10))),
            new X500Principal("CN=" + name),
            keys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    if (purpose != null) {
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
  }

  /** A PEM file with the certificate. */
  public Path pem(Signer signer) throws Exception {
    Path file = Files.createTempFile(folder, "certificate", ".pem");
    return Files.writeString(
        file,
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(signer.certificate().getEncoded())
            + "\n-----END CERTIFICATE-----\n");
  }

  /** A bundle that nobody has signed. */
  public Path bundle(String symbolicName, String version) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-SymbolicName", symbolicName);
    main.putValue("Bundle-Version", version);
    Path file = Files.createTempFile(folder, "bundle", ".jar");
    try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      put(jar, "some/Thing.class", new byte[] {1, 2, 3});
      put(jar, "META-INF/services/some.Service", new byte[] {4});
    }
    return file;
  }

  private static void put(JarOutputStream jar, String name, byte[] bytes) throws IOException {
    jar.putNextEntry(new ZipEntry(name));
    jar.write(bytes);
    jar.closeEntry();
  }

  public Path signed(Path bundle, Signer signer) throws Exception {
    Path file = Files.createTempFile(folder, "signed", ".jar");
    JarSigner tool =
        new JarSigner.Builder(
                signer.key(),
                CertificateFactory.getInstance("X.509").generateCertPath(signer.chain()))
            .signerName(signer.name())
            .build();
    try (ZipFile in = new ZipFile(bundle.toFile());
        OutputStream out = Files.newOutputStream(file)) {
      tool.sign(in, out);
    }
    return file;
  }

  /** The same jar, with other bytes in these entries, or with such entries more. */
  public Path with(Path bundle, Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream made = new ByteArrayOutputStream();
    try (ZipFile in = new ZipFile(bundle.toFile());
        JarOutputStream out = new JarOutputStream(made)) {
      for (ZipEntry entry : (Iterable<ZipEntry>) in.stream().map(ZipEntry.class::cast)::iterator) {
        if (!entries.containsKey(entry.getName())) {
          put(out, entry.getName(), in.getInputStream(entry).readAllBytes());
        }
      }
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        put(out, entry.getKey(), entry.getValue());
      }
    }
    return Files.write(Files.createTempFile(folder, "changed", ".jar"), made.toByteArray());
  }
}
