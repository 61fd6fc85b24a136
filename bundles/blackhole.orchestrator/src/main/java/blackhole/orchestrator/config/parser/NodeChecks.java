package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.schema.AlertKeys;
import blackhole.orchestrator.config.schema.Key;
import blackhole.orchestrator.config.schema.NodeKeys;
import blackhole.orchestrator.config.schema.ServiceKeys;
import blackhole.orchestrator.trust.BundleTrust;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What must hold between services. */
final class NodeChecks {
  static final String EXPECTED_SERVICES =
      "at least one service, for example \"services: {identity: {}}\"";

  /** Far above what a node runs, and low enough for algorithms that recurse. */
  private static final int MAX_SERVICES = 1000;

  private NodeChecks() {}

  /**
   * @param folder where relative paths begin
   * @param madeId the node's id that was made on its first start, if there was one
   */
  static void check(
      NodeConfig config,
      Values values,
      BundleCatalog catalog,
      Path folder,
      Optional<String> madeId,
      Problems problems) {
    boolean countable = count(config, values, problems);
    BundleTrust trust =
        TrustChecks.check(values, folder, problems)
            ? new BundleTrust(config.bundles().trust())
            : BundleTrust.EVERYBODY;
    ServiceChecks checks = new ServiceChecks(values, catalog, trust, problems);
    config.services().values().forEach(checks::check);
    unique(config, ServiceKeys.PORT, NodeChecks::port, values, problems);
    unique(config, ServiceKeys.UNIX_SOCKET, ServiceConfig::unixSocket, values, problems);
    if (countable) {
      new DependencyChecks(config, values, problems).check();
    }
    PolicyChecks.check(config, values, problems);
    new TlsChecks(config, values, folder, problems).check();
    url(NodeKeys.TRACING_ENDPOINT, NodeKeys.TRACING_ENDPOINT_FORM, values, problems);
    url(AlertKeys.WEBHOOK, AlertKeys.WEBHOOK_FORM, values, problems);
    new RemoteChecks(values, folder, config.nodeId().or(() -> madeId), problems).check();
  }

  /** One that looks like a URL may still be none. */
  private static void url(Key<String> key, String form, Values values, Problems problems) {
    String path = key.path();
    values
        .find(key)
        .filter(text -> NodeReader.uri(text).isEmpty())
        .ifPresent(
            text ->
                problems.error(
                    values.position(path), path, "'" + text + "' names no host, expected " + form));
  }

  private static boolean count(NodeConfig config, Values values, Problems problems) {
    Position at = values.position(ServiceKeys.SECTION);
    int services = config.services().size();
    if (services == 0 && problems.errors().isEmpty()) {
      problems.error(at, ServiceKeys.SECTION, "no services, expected " + EXPECTED_SERVICES);
    } else if (services > MAX_SERVICES) {
      problems.error(
          at,
          ServiceKeys.SECTION,
          "has " + services + " services, expected at most " + MAX_SERVICES);
    } else if (services > 0 && config.enabledServices().isEmpty()) {
      problems.warning(
          at, ServiceKeys.SECTION, "all services are disabled, so the node will run none");
    }
    return services <= MAX_SERVICES;
  }

  private static Optional<Integer> port(ServiceConfig service) {
    return service.port().isPresent() ? Optional.of(service.port().getAsInt()) : Optional.empty();
  }

  private static <T> void unique(
      NodeConfig config,
      Key<?> key,
      Function<ServiceConfig, Optional<T>> value,
      Values values,
      Problems problems) {
    Map<T, String> users = new HashMap<>();
    for (ServiceConfig service : config.services().values()) {
      Optional<String> other = value.apply(service).map(v -> users.putIfAbsent(v, service.name()));
      if (other.isPresent()) {
        String path = key.at(service.name());
        String taken = key.at(other.get());
        problems.error(
            values.position(path),
            path,
            values.entry(key, service.name()).map(Entry::yaml).orElse("it")
                + " is also "
                + taken
                + " (line "
                + values.position(taken).line()
                + "), expected one of its own");
      }
    }
  }
}
