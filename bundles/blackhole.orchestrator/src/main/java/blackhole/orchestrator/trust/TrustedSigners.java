package blackhole.orchestrator.trust;

import blackhole.orchestrator.tls.Certificates;
import java.security.CodeSigner;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether the certificate of a signer is one of those that are trusted, or was issued below one of
 * them for the signing of code, and is valid. Immutable.
 */
final class TrustedSigners {
  private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
  private static final int DIGITAL_SIGNATURE = 0;

  private final Set<X509Certificate> trusted;
  private final Instant now;

  TrustedSigners(Set<X509Certificate> trusted, Instant now) {
    this.trusted = Set.copyOf(trusted);
    this.now = now;
  }

  /** What is wrong with a signer, in words that follow "it"; empty when nothing is. */
  Optional<String> refusal(CodeSigner signer) {
    List<X509Certificate> chain =
        signer.getSignerCertPath().getCertificates().stream()
            .map(X509Certificate.class::cast)
            .toList();
    X509Certificate own = chain.get(0);
    String by = "is signed by " + own.getSubjectX500Principal().getName();
    for (int i = 0; i < chain.size(); i++) {
      if (trusted.contains(chain.get(i))) {
        return (i == 0
                ? Certificates.invalidity(own, now).map(TrustedSigners::whose)
                : refusal(chain.subList(0, i)))
            .map(by::concat);
      }
    }
    return refusal(chain).map(by::concat);
  }

  private static String whose(String invalidity) {
    return ", whose certificate " + invalidity;
  }

  /** Of one who is not trusted by name, but perhaps by who issued the certificate. */
  private Optional<String> refusal(List<X509Certificate> chain) {
    try {
      PKIXParameters parameters =
          new PKIXParameters(
              trusted.stream()
                  .map(certificate -> new TrustAnchor(certificate, null))
                  .collect(Collectors.toSet()));
      // nobody keeps lists of revoked certificates for an authority of one's own
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
      PKIXCertPathValidatorResult result =
          (PKIXCertPathValidatorResult)
              CertPathValidator.getInstance("PKIX").validate(path, parameters);
      X509Certificate anchor = result.getTrustAnchor().getTrustedCert();
      return Certificates.invalidity(anchor, now)
          .map(
              invalid ->
                  ", by leave of " + anchor.getSubjectX500Principal().getName() + whose(invalid))
          .or(() -> maySign(chain.get(0)));
    } catch (CertPathValidatorException e) {
      return Optional.of(
          chain.stream()
              .flatMap(certificate -> Certificates.invalidity(certificate, now).stream())
              .findFirst()
              .map(TrustedSigners::whose)
              .orElse(", who is not trusted"));
    } catch (GeneralSecurityException e) {
      return Optional.of(", whose certificate cannot be judged: " + e.getMessage());
    }
  }

  /** An authority also issues certificates for servers, and these must not be able to. */
  private static Optional<String> maySign(X509Certificate certificate) {
    boolean[] usage = certificate.getKeyUsage();
    try {
      List<String> purposes = certificate.getExtendedKeyUsage();
      boolean may =
          (usage == null || usage[DIGITAL_SIGNATURE])
              && purposes != null
              && purposes.contains(CODE_SIGNING);
      return may
          ? Optional.empty()
          : Optional.of(", whose certificate is not for the signing of code");
    } catch (CertificateParsingException e) {
      return Optional.of(", whose certificate cannot be read: " + e.getMessage());
    }
  }
}
