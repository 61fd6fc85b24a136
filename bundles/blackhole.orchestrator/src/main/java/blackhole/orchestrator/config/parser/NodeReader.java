package blackhole.orchestrator.config.parser;

import blackhole.api.host.TlsFiles;
import blackhole.orchestrator.config.BundleRules;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.SupervisorConfig;
import blackhole.orchestrator.config.TlsConfig;
import blackhole.orchestrator.config.TracingConfig;
import blackhole.orchestrator.config.schema.Key;
import blackhole.orchestrator.config.schema.NodeKeys;
import blackhole.orchestrator.config.schema.ServiceKeys;
import blackhole.orchestrator.config.schema.SupervisorKeys;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** From values to records. Total: what was refused has its default, so nothing fails here. */
final class NodeReader {
  private NodeReader() {}

  static NodeConfig read(Values values, Path folder) {
    Map<String, ServiceConfig> services = new LinkedHashMap<>();
    for (String name : values.names(ServiceKeys.SECTION)) {
      services.put(name, ServiceReader.read(values, name, folder));
    }
    return new NodeConfig(
        values.find(NodeKeys.ID),
        services,
        supervisor(values),
        PolicyReader.read(values, services.keySet()),
        new TlsConfig(values.get(NodeKeys.TLS_INSECURE_LOOPBACK), tls(values, folder)),
        values.get(NodeKeys.LOG_FORMAT),
        tracing(values),
        AlertReader.read(values),
        RemoteReader.read(values, folder),
        bundles(values, folder));
  }

  private static BundleRules bundles(Values values, Path folder) {
    return new BundleRules(
        values.get(NodeKeys.TRUST).stream()
            .flatMap(file -> resolved(folder, file).stream())
            .toList(),
        values.get(NodeKeys.BUNDLE_SOURCES));
  }

  private static TracingConfig tracing(Values values) {
    return TracingConfig.of(
        values.find(NodeKeys.TRACING_SAMPLING),
        values.get(NodeKeys.TRACING_EXPORTER),
        values.find(NodeKeys.TRACING_ENDPOINT).flatMap(NodeReader::uri));
  }

  static Optional<URI> uri(String text) {
    try {
      return Optional.of(new URI(text)).filter(uri -> uri.getHost() != null);
    } catch (URISyntaxException e) {
      return Optional.empty(); // that it is none is said by the checks
    }
  }

  /** Only all three together are of use; that some are missing is found by {@link TlsChecks}. */
  private static Optional<TlsFiles> tls(Values values, Path folder) {
    return path(values, NodeKeys.TLS_CERTIFICATE, folder)
        .flatMap(
            certificate ->
                path(values, NodeKeys.TLS_KEY, folder)
                    .flatMap(
                        key ->
                            path(values, NodeKeys.TLS_CERTIFICATE_AUTHORITY, folder)
                                .map(authority -> new TlsFiles(certificate, key, authority))));
  }

  /** Absolute; empty if it is left out, or can't be a path here, which is said by the checks. */
  static Optional<Path> path(Values values, Key<String> key, Path folder, String... under) {
    return values.find(key, under).flatMap(text -> resolved(folder, text));
  }

  static Optional<Path> resolved(Path folder, String text) {
    try {
      return Optional.of(folder.resolve(text).normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static SupervisorConfig supervisor(Values values) {
    return new SupervisorConfig(
        values.get(SupervisorKeys.START_TIMEOUT),
        values.get(SupervisorKeys.HEALTH_CHECK_INTERVAL),
        values.get(SupervisorKeys.HEALTH_CHECK_TIMEOUT),
        values.get(SupervisorKeys.LIVENESS_FAILURES),
        values.get(SupervisorKeys.STABLE_AFTER),
        values.get(SupervisorKeys.STALE_PROCESS_TIMEOUT),
        values.get(SupervisorKeys.ON_ORCHESTRATOR_LOSS),
        values.get(SupervisorKeys.GRACEFUL_SHUTDOWN_TIMEOUT),
        values.get(SupervisorKeys.SAMPLE_INTERVAL),
        values.get(SupervisorKeys.WARM_SPARES),
        values.get(SupervisorKeys.UPDATE_OBSERVATION),
        values.get(SupervisorKeys.VERSIONS_KEPT));
  }
}
