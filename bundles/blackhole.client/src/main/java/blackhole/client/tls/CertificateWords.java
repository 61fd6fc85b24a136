package blackhole.client.tls;

import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Why a certificate was refused, in words. */
final class CertificateWords {
  /** Of GeneralName in RFC 5280. */
  private static final int DNS_NAME = 2;

  private static final int IP_ADDRESS = 7;

  private CertificateWords() {}

  /**
   * What is wrong with a chain that was refused, as far as can be told from it: dates first, since
   * they are what goes wrong by itself, then the name, then the signature.
   *
   * @param signed whether a chain to the authority was found
   */
  static String of(
      String nodeId, X509Certificate[] chain, Path authority, boolean signed, Instant now) {
    for (int i = 0; i < chain.length; i++) {
      X509Certificate link = chain[i];
      String whose =
          i == 0
              ? "certificate of " + nodeId
              : "authority " + link.getSubjectX500Principal() + " of " + nodeId + "'s certificate";
      if (link.getNotAfter().toInstant().isBefore(now)) {
        return whose + " has expired on " + link.getNotAfter().toInstant();
      }
      if (link.getNotBefore().toInstant().isAfter(now)) {
        return whose + " is not valid before " + link.getNotBefore().toInstant();
      }
    }
    List<String> names = names(chain[0]);
    if (signed && names.stream().noneMatch(nodeId::equalsIgnoreCase)) {
      return "certificate is for "
          + (names.isEmpty() ? "nobody" : String.join(", ", names))
          + ", not for "
          + nodeId;
    }
    return signed
        ? "certificate of " + nodeId + " is not acceptable"
        : "certificate of "
            + nodeId
            + " is not signed by the authority in "
            + authority
            + " (but by "
            + chain[chain.length - 1].getIssuerX500Principal()
            + ")";
  }

  private static List<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> name : alternatives) {
          if (name.get(0) instanceof Integer kind && (kind == DNS_NAME || kind == IP_ADDRESS)) {
            names.add(String.valueOf(name.get(1)));
          }
        }
      }
    } catch (CertificateParsingException e) {
      // then it has no name that anybody could read
    }
    return names;
  }
}
