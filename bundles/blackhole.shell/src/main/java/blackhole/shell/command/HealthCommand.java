package blackhole.shell.command;

import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.Supervisor;
import blackhole.shell.render.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code health}: who is well, and who says why not. */
@Component
public final class HealthCommand implements CommandGroup {
  private static final Usage USAGE =
      new Usage(
          "health",
          List.of("[SERVICE[-N]]"),
          "shows the health of the instances",
          List.of(Usage.JSON),
          "health identity");

  private final Supervisor supervisor;

  @Activate
  public HealthCommand(@Reference Supervisor supervisor) {
    this.supervisor = supervisor;
  }

  @Override
  public List<Command> commands() {
    return List.of(new Command(USAGE, this::health));
  }

  private void health(Invocation invocation) {
    List<InstanceStatus> instances = supervisor.instances();
    Optional<String> name = invocation.arguments().at(0);
    List<InstanceStatus> asked =
        name.isPresent() ? Target.parse(name.get(), instances).select(instances) : instances;
    List<Map<String, Object>> rows = new ArrayList<>();
    Table table = Table.of("INSTANCE", "HEALTH", "STATE", "MESSAGE");
    for (InstanceStatus status : asked) {
      String health = status.health().name().toLowerCase(Locale.ROOT);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("service", status.id().service());
      row.put("instance", status.id().instance());
      row.put("health", health);
      row.put("message", status.message());
      row.put("state", status.state().name());
      rows.add(row);
      table.row(status.id(), health, status.state(), status.message());
    }
    invocation.print(rows, table, "no service is configured to run");
  }
}
