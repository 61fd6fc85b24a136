package blackhole.orchestrator.tls;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What there is to know of certificates. */
public final class Certificates {
  /** What ends sooner is renewed, or warned about. */
  public static final Duration RENEWAL = Duration.ofDays(30);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private Certificates() {}

  /** Why it is of no use at this time; empty if it is. */
  public static Optional<String> invalidity(X509Certificate certificate, Instant now) {
    if (now.isAfter(end(certificate))) {
      return Optional.of("expired on " + format(end(certificate)));
    }
    Instant start = certificate.getNotBefore().toInstant();
    return now.isBefore(start)
        ? Optional.of("is not valid before " + format(start))
        : Optional.empty();
  }

  /** Whether it is about to end, or has ended. */
  public static boolean isDue(X509Certificate certificate, Instant now) {
    return now.plus(RENEWAL).isAfter(end(certificate));
  }

  public static Instant end(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }

  /** To the minute, in UTC. */
  public static String format(Instant time) {
    return TIME.format(time);
  }

  /** Whether the key is that of the certificate. */
  public static boolean match(X509Certificate certificate, PrivateKey key) {
    String algorithm = signatureAlgorithm(key);
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(PROBE);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(certificate.getPublicKey());
      verifier.update(PROBE);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // a key of another kind
      return false;
    }
  }

  /** What a key signs certificates with. */
  public static String signatureAlgorithm(PrivateKey key) {
    return key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
  }

  /** Whether the authority's key signed it. */
  public static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** The host names that it is for, then the addresses. */
  public static List<String> names(X509Certificate certificate) {
    return Stream.concat(alternatives(certificate, DNS_NAME), alternatives(certificate, IP_ADDRESS))
        .toList();
  }

  /** Whether a node that has it can go by this name. */
  public static boolean isFor(X509Certificate certificate, String nodeId) {
    return alternatives(certificate, DNS_NAME).anyMatch(nodeId::equalsIgnoreCase);
  }

  private static Stream<String> alternatives(X509Certificate certificate, int type) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return Objects.requireNonNullElse(names, List.<List<?>>of()).stream()
          .filter(name -> Objects.equals(name.get(0), type))
          .map(name -> String.valueOf(name.get(1)));
    } catch (CertificateParsingException e) {
      return Stream.empty();
    }
  }

  /**
   * The first certificate of a file, which is the one that counts.
   *
   * @throws TlsFileException when there is none, or it is of no use at this time
   */
  public static X509Certificate valid(Path file, Instant now) throws TlsFileException {
    X509Certificate certificate = Pem.certificates(file).get(0);
    Optional<String> reason = invalidity(certificate, now);
    if (reason.isPresent()) {
      throw new TlsFileException(file, reason.get() + ", expected a valid certificate");
    }
    return certificate;
  }
}
