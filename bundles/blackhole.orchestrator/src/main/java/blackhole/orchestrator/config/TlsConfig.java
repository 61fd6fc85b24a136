package blackhole.orchestrator.config;

/**
 * How this node's TCP ports are protected.
 *
 * @param insecureLoopback plaintext, on loopback only, in place of mutual TLS
 */
public record TlsConfig(boolean insecureLoopback) {
  /** Mutual TLS everywhere. */
  public static final TlsConfig SECURE = new TlsConfig(false);
}
