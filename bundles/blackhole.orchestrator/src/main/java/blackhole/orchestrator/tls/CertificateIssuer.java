package blackhole.orchestrator.tls;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;

/** Makes certificates. Thread-safe. */
public interface CertificateIssuer {
  /** One that signs others, signed by itself. */
  X509Certificate authority(KeyPair keys, String name, Instant from, Instant until);

  /** One for a node, to serve and to call with. */
  X509Certificate node(
      Authority authority, PublicKey key, NodeNames names, Instant from, Instant until);

  /** Who signs. */
  record Authority(X509Certificate certificate, PrivateKey key) {}
}
