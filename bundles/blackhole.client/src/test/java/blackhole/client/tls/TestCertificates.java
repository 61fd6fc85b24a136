package blackhole.client.tls;

import blackhole.api.host.TlsFiles;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for a test, and what it signs, as files. */
public final class TestCertificates {
  private static final AtomicLong SERIALS = new AtomicLong(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final Path folder;
  private final X500Name name;
  private final KeyPair keys;
  private final Path authority;

  public TestCertificates(Path folder, String name) throws Exception {
    this.folder = folder;
    this.name = new X500Name("CN=" + name);
    keys = keys();
    JcaX509v3CertificateBuilder builder =
        builder(this.name, this.name, keys, Instant.now().minus(DAY), Instant.now().plus(DAY));
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    authority = folder.resolve(name + ".pem");
    write(authority, sign(builder));
  }

  public Path authority() {
    return authority;
  }

  /** For a node, valid from yesterday to tomorrow. */
  public TlsFiles node(String nodeId) throws Exception {
    return node(nodeId, Instant.now().minus(DAY), Instant.now().plus(DAY));
  }

  public TlsFiles node(String nodeId, Instant from, Instant until) throws Exception {
    KeyPair own = keys();
    JcaX509v3CertificateBuilder builder =
        builder(name, new X500Name("CN=" + nodeId), own, from, until);
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.dNSName, nodeId)));
    long serial = SERIALS.incrementAndGet();
    Path certificate = folder.resolve(nodeId + "-" + serial + ".pem");
    Path key = folder.resolve(nodeId + "-" + serial + ".key");
    write(certificate, sign(builder));
    write(key, new JcaPKCS8Generator(own.getPrivate(), null));
    return new TlsFiles(certificate, key, authority);
  }

  /** A server that shows this certificate, and wants one of its authority. */
  public static SslContext server(TlsFiles files) throws Exception {
    return GrpcSslContexts.configure(
            SslContextBuilder.forServer(files.certificate().toFile(), files.key().toFile())
                .trustManager(files.certificateAuthority().toFile())
                .clientAuth(ClientAuth.REQUIRE),
            SslProvider.JDK)
        .build();
  }

  private static KeyPair keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, KeyPair keys, Instant from, Instant until) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        BigInteger.valueOf(SERIALS.incrementAndGet()),
        Date.from(from),
        Date.from(until),
        subject,
        keys.getPublic());
  }

  private X509Certificate sign(JcaX509v3CertificateBuilder builder) throws Exception {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
  }

  private static void write(Path file, Object content) throws Exception {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(content);
    }
    Files.writeString(file, text.toString());
  }
}
