package blackhole.shell.command;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceLimit;
import blackhole.api.supervision.InstanceLimits;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.Supervisor;
import blackhole.shell.render.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code limits}: what instances may use, and whether this system holds them to it. */
@Component
public final class LimitsCommand implements CommandGroup {
  private static final Usage USAGE =
      new Usage(
          "limits",
          List.of("[SERVICE[-N]]"),
          "shows what instances may use, and what enforces it or why nothing does",
          "A limit that this system cannot enforce does not keep a service from running.",
          List.of(Usage.JSON),
          "limits identity");

  private final Supervisor supervisor;
  private final InstanceLimits limits;

  @Activate
  public LimitsCommand(@Reference Supervisor supervisor, @Reference InstanceLimits limits) {
    this.supervisor = supervisor;
    this.limits = limits;
  }

  @Override
  public List<Command> commands() {
    return List.of(new Command(USAGE, this::limits));
  }

  private void limits(Invocation invocation) {
    List<InstanceStatus> instances = supervisor.instances();
    Optional<Target> target =
        invocation.arguments().at(0).map(name -> Target.parse(name, instances));
    Set<InstanceId> selected =
        target.map(meant -> meant.select(instances)).orElse(instances).stream()
            .map(InstanceStatus::id)
            .collect(Collectors.toSet());
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    Table table = Table.of("INSTANCE", "LIMIT", "VALUE#", "ENFORCED", "HOW, OR WHY NOT");
    for (InstanceLimit limit : limits.limits()) {
      if (selected.contains(limit.id())) {
        rows.add(row(limit));
        table.row(
            limit.id(),
            limit.limit(),
            limit.value(),
            limit.enforced() ? "yes" : "no",
            limit.how().or(limit::reason).orElse(null));
      }
    }
    invocation.print(rows, table, "no service is configured to run");
  }

  private static Map<String, @Nullable Object> row(InstanceLimit limit) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("service", limit.id().service());
    row.put("instance", limit.id().instance());
    row.put("limit", limit.limit());
    row.put("value", limit.value());
    row.put("enforced", limit.enforced());
    row.put("how", limit.how().orElse(null));
    row.put("reason", limit.reason().orElse(null));
    return row;
  }
}
