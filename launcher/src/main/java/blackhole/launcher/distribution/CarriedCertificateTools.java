package blackhole.launcher.distribution;

import blackhole.api.host.NodeHome;
import blackhole.launcher.CertificateTools;
import blackhole.launcher.LauncherException;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.parser.ParseResult;
import blackhole.orchestrator.distribution.CarriedCatalog;
import blackhole.orchestrator.distribution.Distribution;
import blackhole.orchestrator.distribution.DistributionIndex;
import blackhole.orchestrator.plan.ConfiguredNode;
import blackhole.orchestrator.plan.IssuerLoader;
import blackhole.orchestrator.plan.NodeId;
import blackhole.orchestrator.tls.CertificateIssuer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Makes certificates with the jars that this launcher carries. */
public final class CarriedCertificateTools implements CertificateTools {
  @Override
  public Optional<String> nodeId(NodeHome home, Optional<Path> configuration) throws IOException {
    ParseResult result =
        ConfiguredNode.parse(
            home, ConfiguredNode.file(home, configuration), new CarriedCatalog(Unpacker.carried()));
    Optional<NodeConfig> config = result.config();
    if (config.isEmpty()) {
      throw LauncherException.usage(
          String.join("\n", result.errors().stream().map(Object::toString).toList()), "");
    }
    Optional<String> configured = config.get().nodeId();
    return configured.isPresent() ? configured : NodeId.made(home);
  }

  /** From jars in a temporary folder: who makes certificates may have no home. */
  @Override
  public CertificateIssuer issuer() throws IOException {
    DistributionIndex index = Unpacker.carried();
    Path folder = Files.createTempDirectory("blackhole-certs-");
    folder.toFile().deleteOnExit();
    for (String jar : index.certificatesClassPath()) {
      // after the folder: they go in the opposite order
      folder.resolve(jar).toFile().deleteOnExit();
    }
    Unpacker.unpack(folder, index.certificatesClassPath());
    return IssuerLoader.load(new Distribution(folder, index));
  }
}
