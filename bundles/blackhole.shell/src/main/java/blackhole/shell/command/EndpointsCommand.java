package blackhole.shell.command;

import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.RegisteredEndpoint.Type;
import blackhole.api.registry.ServiceDirectory;
import blackhole.api.registry.ServiceRecord;
import blackhole.shell.render.Table;
import blackhole.shell.render.Units;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code endpoints}: where each service can be called, on this node and on others. */
@Component
public final class EndpointsCommand implements CommandGroup {
  private static final Usage USAGE =
      new Usage(
          "endpoints",
          List.of("[SERVICE]"),
          "shows where services are called: here, and on other nodes",
          "An instance is in the list from when it is ready until it is about to end.",
          List.of(Usage.JSON),
          "endpoints identity");

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  volatile @Nullable ServiceDirectory directory;

  @Override
  public List<Command> commands() {
    return List.of(new Command(USAGE, this::endpoints));
  }

  private void endpoints(Invocation invocation) {
    Optional<String> name = invocation.arguments().at(0);
    List<RegisteredEndpoint> endpoints = new ArrayList<>();
    for (ServiceRecord service : Directories.select(Directories.required(directory), name)) {
      service.endpoints().stream()
          .sorted(Comparator.comparing(RegisteredEndpoint::type))
          .forEach(endpoints::add);
    }
    invocation.print(
        endpoints.stream().map(EndpointsCommand::row).toList(),
        table(endpoints),
        name.isPresent()
            ? "'" + name.get() + "' is served nowhere at the moment; 'health' says more"
            : "no service is served anywhere at the moment");
  }

  private static Map<String, @Nullable Object> row(RegisteredEndpoint endpoint) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("service", endpoint.service());
    row.put("type", type(endpoint));
    row.put("node_id", endpoint.nodeId());
    row.put("address", address(endpoint));
    row.put("socket", endpoint.socket().map(Path::toString).orElse(null));
    row.put("port", endpoint.port().isPresent() ? endpoint.port().getAsInt() : null);
    row.put("pid", endpoint.pid().isPresent() ? endpoint.pid().getAsLong() : null);
    row.put("health", health(endpoint));
    row.put("last_seen", Units.time(endpoint.lastSeen()));
    return row;
  }

  private static Table table(List<RegisteredEndpoint> endpoints) {
    Table table =
        Table.of(
            "SERVICE", "TYPE", "NODE", "HEALTH", "PID#", "LAST SEEN", "ADDRESS", "TCP#", "MESSAGE");
    for (RegisteredEndpoint endpoint : endpoints) {
      table.row(
          endpoint.service(),
          type(endpoint),
          endpoint.nodeId(),
          health(endpoint),
          endpoint.pid().isPresent() ? endpoint.pid().getAsLong() : null,
          Units.time(endpoint.lastSeen()),
          address(endpoint),
          endpoint.port().isPresent() ? endpoint.port().getAsInt() : null,
          endpoint.message());
    }
    return table;
  }

  private static String type(RegisteredEndpoint endpoint) {
    return endpoint.type() == Type.LOCAL ? "local" : "remote";
  }

  private static String health(RegisteredEndpoint endpoint) {
    return endpoint.health().name().toLowerCase(Locale.ROOT);
  }

  /** What callers on this node connect to: the socket where there is one, else host and port. */
  private static @Nullable String address(RegisteredEndpoint endpoint) {
    if (endpoint.socket().isPresent()) {
      return "unix:" + endpoint.socket().get();
    }
    if (endpoint.host().isEmpty() || endpoint.port().isEmpty()) {
      return null;
    }
    String host = endpoint.host().get();
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + endpoint.port().getAsInt();
  }
}
