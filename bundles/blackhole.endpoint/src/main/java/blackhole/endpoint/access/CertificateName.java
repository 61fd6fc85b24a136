package blackhole.endpoint.access;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Whose certificate it is: the node's id. */
final class CertificateName {
  private static final Integer DNS_NAME = 2;

  private CertificateName() {}

  /** The name in the certificate that the other end has shown. */
  static String ofPeer(SSLSession session) {
    try {
      return of((X509Certificate) session.getPeerCertificates()[0]);
    } catch (SSLPeerUnverifiedException e) {
      throw new IllegalStateException("a TLS connection without a client certificate", e);
    }
  }

  /** The first DNS name among the alternative ones, else the subject's common name, else all. */
  static String of(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names != null) {
        for (List<?> name : names) {
          if (DNS_NAME.equals(name.get(0))) {
            return (String) name.get(1);
          }
        }
      }
    } catch (CertificateParsingException e) {
      // whoever signed it vouches for the subject all the same
    }
    return commonName(certificate.getSubjectX500Principal().getName());
  }

  private static String commonName(String subject) {
    try {
      for (Rdn rdn : new LdapName(subject).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("CN")) {
          return rdn.getValue().toString();
        }
      }
    } catch (InvalidNameException e) {
      // shown as it is
    }
    return subject;
  }
}
