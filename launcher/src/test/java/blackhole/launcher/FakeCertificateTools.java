package blackhole.launcher;

import blackhole.api.host.NodeHome;
import blackhole.orchestrator.plan.NodeId;
import blackhole.orchestrator.tls.CertificateIssuer;
import blackhole.orchestrator.tls.x509.X509Issuer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Takes the real issuer from the class path, and a configuration for a node's id. */
public final class FakeCertificateTools implements CertificateTools {
  @Override
  public Optional<String> nodeId(NodeHome home, Optional<Path> configuration) throws IOException {
    return configuration.isPresent()
        ? Optional.of(configuration.get().getFileName().toString())
        : NodeId.made(home);
  }

  @Override
  public CertificateIssuer issuer() {
    return new X509Issuer();
  }
}
