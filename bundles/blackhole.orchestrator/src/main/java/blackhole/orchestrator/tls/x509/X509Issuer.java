package blackhole.orchestrator.tls.x509;

import blackhole.orchestrator.tls.CertificateIssuer;
import blackhole.orchestrator.tls.Certificates;
import blackhole.orchestrator.tls.NodeNames;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Builds certificates with Bouncy Castle, and signs them with the JDK. */
public final class X509Issuer implements CertificateIssuer {
  /** So many bits that two never meet; RFC 5280 allows 160. */
  private static final int SERIAL_BITS = 127;

  private final SecureRandom random = new SecureRandom();

  @Override
  public X509Certificate authority(KeyPair keys, String name, Instant from, Instant until) {
    try {
      X500Name subject = subject(name);
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              subject, serial(), Date.from(from), Date.from(until), subject, keys.getPublic());
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      builder
          // it signs nodes, and no other authorities
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              ids.createSubjectKeyIdentifier(keys.getPublic()));
      return sign(builder, keys.getPrivate());
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("cannot make the certificate of an authority", e);
    }
  }

  @Override
  public X509Certificate node(
      Authority authority, PublicKey key, NodeNames names, Instant from, Instant until) {
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              authority.certificate().getSubjectX500Principal(),
              serial(),
              Date.from(from),
              Date.from(until),
              new javax.security.auth.x500.X500Principal(subject(names.nodeId()).getEncoded()),
              key);
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(
                  new KeyPurposeId[] {
                    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                  }))
          .addExtension(Extension.subjectAlternativeName, false, alternatives(names))
          .addExtension(Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(key))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              ids.createAuthorityKeyIdentifier(authority.certificate().getPublicKey()));
      return sign(builder, authority.key());
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("cannot make the certificate of a node", e);
    }
  }

  private static X500Name subject(String name) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, "Blackhole")
        .addRDN(BCStyle.CN, name)
        .build();
  }

  private static GeneralNames alternatives(NodeNames names) {
    List<GeneralName> all = new ArrayList<>();
    all.add(new GeneralName(GeneralName.dNSName, names.nodeId()));
    for (String host : names.hosts()) {
      int type = NodeNames.isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName;
      all.add(new GeneralName(type, host));
    }
    return new GeneralNames(all.toArray(GeneralName[]::new));
  }

  private BigInteger serial() {
    // not zero, which is no serial number
    return new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE);
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws OperatorCreationException, GeneralSecurityException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder(Certificates.signatureAlgorithm(key)).build(key)));
  }
}
