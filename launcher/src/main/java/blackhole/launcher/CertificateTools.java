package blackhole.launcher;

import blackhole.api.host.NodeHome;
import blackhole.orchestrator.tls.CertificateIssuer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What {@code certs} needs of the node. Found by {@link java.util.ServiceLoader}. */
public interface CertificateTools {
  /**
   * The id of the home's node: configured, or made on its first start; empty if it has none yet.
   *
   * @throws LauncherException with code 2 when the configuration is refused
   */
  Optional<String> nodeId(NodeHome home, Optional<Path> configuration) throws IOException;

  /** What makes certificates; asked for only when one has to be made. */
  CertificateIssuer issuer() throws IOException;
}
