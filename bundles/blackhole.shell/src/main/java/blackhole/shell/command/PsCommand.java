package blackhole.shell.command;

import blackhole.api.supervision.NodeConfiguration;
import blackhole.api.supervision.NodeConfiguration.Setting;
import blackhole.api.supervision.Pressure;
import blackhole.api.supervision.Samples;
import blackhole.api.supervision.Spares;
import blackhole.api.supervision.Supervisor;
import blackhole.api.supervision.Updates;
import blackhole.shell.render.Table;
import blackhole.shell.render.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ps}: the instances at a glance. */
@Component
public final class PsCommand implements CommandGroup {
  private static final Usage.Option ALL =
      Usage.Option.flag("--all", "also spares, and services that are disabled");
  private static final Usage USAGE =
      new Usage(
          "ps",
          List.of(),
          "lists the instances of this node",
          List.of(ALL, Usage.JSON),
          "ps --json");

  private final Supervisor supervisor;
  private final NodeConfiguration configuration;
  private final Spares spares;
  private final InstanceRows rows;

  @Activate
  public PsCommand(
      @Reference Supervisor supervisor,
      @Reference NodeConfiguration configuration,
      @Reference Samples samples,
      @Reference Pressure pressure,
      @Reference Spares spares,
      @Reference Updates updates) {
    this.spares = spares;
    this.supervisor = supervisor;
    this.configuration = configuration;
    this.rows = new InstanceRows(samples, pressure, updates);
  }

  @Override
  public List<Command> commands() {
    return List.of(new Command(USAGE, this::ps));
  }

  private void ps(Invocation invocation) {
    var instances = supervisor.instances();
    List<Map<String, @Nullable Object>> all = new ArrayList<>(rows.of(instances));
    if (invocation.arguments().has(ALL)) {
      Set<String> running = Target.services(instances);
      disabledServices().stream()
          .filter(service -> !running.contains(service))
          .forEach(service -> all.add(InstanceRows.disabled(service)));
      List<Spares.Spare> waiting = spares.spares();
      for (int i = 0; i < waiting.size(); i++) {
        all.add(InstanceRows.spare(i + 1, waiting.get(i)));
      }
    }
    invocation.print(
        all, table(all), "no service is configured to run; 'config' shows what is configured");
  }

  private List<String> disabledServices() {
    return configuration.settings(Optional.empty()).stream()
        .filter(setting -> setting.value().equals("false"))
        .map(Setting::key)
        .filter(key -> key.startsWith("services.") && key.endsWith(".enabled"))
        .map(key -> key.substring("services.".length(), key.length() - ".enabled".length()))
        .toList();
  }

  private static Table table(List<Map<String, @Nullable Object>> rows) {
    Table table =
        Table.of(
            "INSTANCE",
            "STATE",
            "HEALTH",
            "PID#",
            "UPTIME#",
            "RESTARTS#",
            "MEMORY#",
            "CPU#",
            "MESSAGE",
            "SOCKET");
    for (Map<String, @Nullable Object> row : rows) {
      table.row(
          row.get("service") + "-" + row.get("instance"),
          row.get("state"),
          row.get("health"),
          row.get("pid"),
          row.get("uptime_seconds") instanceof Long seconds
              ? Units.duration(Duration.ofSeconds(seconds))
              : null,
          row.get("restarts"),
          row.get("rss_bytes") instanceof Long bytes ? Units.bytes(bytes) : null,
          row.get("cpu_cores") instanceof Double cores ? Units.cores(cores) : null,
          row.get("message"),
          row.get("socket"));
    }
    return table;
  }
}
