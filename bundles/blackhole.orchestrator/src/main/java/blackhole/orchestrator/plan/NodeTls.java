package blackhole.orchestrator.plan;

import blackhole.api.host.NodeHome;
import blackhole.api.host.TlsFiles;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.tls.CertificateIssuer;
import blackhole.orchestrator.tls.DevelopmentTls;
import blackhole.orchestrator.tls.HostNames;
import blackhole.orchestrator.tls.Machine;
import blackhole.orchestrator.tls.NodeNames;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** What a node proves with who it is: configured certificates, or those of its home. */
public final class NodeTls {
  /** Of a development certificate; it is renewed a month before its end. */
  public static final Duration VALIDITY = Duration.ofDays(365);

  private static final Logger LOG = System.getLogger(NodeTls.class.getName());

  private NodeTls() {}

  /**
   * Empty where the node needs no certificate. Development certificates are made on first use, and
   * renewed when they are about to end.
   *
   * @param issuer asked for only when a certificate has to be made
   * @throws IOException when the home's certificates are of no use, with the reason
   */
  public static Optional<TlsFiles> prepare(
      NodeHome home, String nodeId, NodeConfig config, Supplier<CertificateIssuer> issuer)
      throws IOException {
    if (!config.needsCertificates()) {
      return Optional.empty();
    }
    if (config.tls().files().isPresent()) {
      return config.tls().files();
    }
    DevelopmentTls.Result result =
        new DevelopmentTls(issuer, Clock.systemUTC()).prepare(request(home, nodeId, false));
    result.warning().ifPresent(warning -> LOG.log(Level.WARNING, warning));
    if (result.certificateOrigin() != DevelopmentTls.Origin.FOUND) {
      LOG.log(Level.INFO, "made the certificate {0} for {1}", result.files().certificate(), nodeId);
    }
    return Optional.of(result.files());
  }

  /**
   * For the certificates of this home.
   *
   * @throws IOException when the node's id can't be the name in a certificate
   */
  public static DevelopmentTls.Request request(NodeHome home, String nodeId, boolean force)
      throws IOException {
    if (!HostNames.allows(nodeId)) {
      throw new IOException(
          "the node's id "
              + nodeId
              + " can't be the name in a certificate, expected "
              + HostNames.EXPECTED);
    }
    return new DevelopmentTls.Request(
        home.tls(), home.tls(), new NodeNames(nodeId, Machine.hosts()), VALIDITY, force);
  }
}
