package blackhole.endpoint.tls;

import blackhole.api.host.TlsFiles;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority that lives as long as a test. */
public final class TestAuthority {
  private static final AtomicLong SERIAL = new AtomicLong(1);
  private static final Duration LONG = Duration.ofDays(30);

  private final String name;
  private final KeyPair keys = newKeys();
  private final X509Certificate certificate;

  public TestAuthority(String name) {
    this.name = name;
    X509v3CertificateBuilder builder =
        builder(name, keys, Instant.now().minus(LONG), Instant.now().plus(LONG));
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    certificate = sign(builder);
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /** What somebody needs to show who they are. */
  public record Identity(X509Certificate certificate, KeyPair keys) {}

  /** A certificate for this DNS name, good now. */
  public Identity issue(String dnsName) {
    return issue(dnsName, Instant.now().minus(LONG), Instant.now().plus(LONG));
  }

  public Identity issue(String dnsName, Instant from, Instant to) {
    KeyPair own = newKeys();
    X509v3CertificateBuilder builder = builder("a node", own, from, to);
    try {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, dnsName)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return new Identity(sign(builder), own);
  }

  /** A certificate without alternative names, for this subject. */
  public Identity issueTo(String commonName) {
    KeyPair own = newKeys();
    return new Identity(
        sign(builder(commonName, own, Instant.now().minus(LONG), Instant.now().plus(LONG))), own);
  }

  private X509v3CertificateBuilder builder(String subject, KeyPair own, Instant from, Instant to) {
    return new JcaX509v3CertificateBuilder(
        new X500Name("O=Test,CN=" + name),
        BigInteger.valueOf(SERIAL.getAndIncrement()),
        Date.from(from),
        Date.from(to),
        new X500Name("O=Test,CN=" + subject),
        own.getPublic());
  }

  private X509Certificate sign(X509v3CertificateBuilder builder) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes what this identity needs, and whom it trusts, and makes the files look newer. */
  public static TlsFiles write(Path directory, Identity identity, TestAuthority... trusted)
      throws IOException {
    Files.createDirectories(directory);
    StringBuilder authorities = new StringBuilder();
    for (TestAuthority each : trusted) {
      authorities.append(pem("CERTIFICATE", encoded(each.certificate)));
    }
    TlsFiles files =
        new TlsFiles(
            directory.resolve("node.pem"), directory.resolve("node.key"), directory.resolve("ca"));
    write(files.certificate(), pem("CERTIFICATE", encoded(identity.certificate())));
    write(files.key(), pem("PRIVATE KEY", identity.keys().getPrivate().getEncoded()));
    write(files.certificateAuthority(), authorities.toString());
    return files;
  }

  private static void write(Path file, String text) throws IOException {
    FileTime before = Files.exists(file) ? Files.getLastModifiedTime(file) : FileTime.fromMillis(0);
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(temporary, text);
    Files.setLastModifiedTime(temporary, FileTime.from(before.toInstant().plusSeconds(10)));
    Files.move(temporary, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }
}
