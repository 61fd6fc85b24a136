package blackhole.orchestrator.config;

import blackhole.api.host.TlsFiles;
import java.util.Optional;

/**
 * How this node's TCP ports are protected.
 *
 * @param insecureLoopback plaintext, on loopback only, in place of mutual TLS
 * @param files the configured ones, absolute; empty for the development certificates in the home
 */
public record TlsConfig(boolean insecureLoopback, Optional<TlsFiles> files) {
  /** Mutual TLS everywhere, with development certificates. */
  public static final TlsConfig SECURE = new TlsConfig(false, Optional.empty());
}
