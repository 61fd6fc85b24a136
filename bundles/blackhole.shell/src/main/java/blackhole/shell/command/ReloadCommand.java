package blackhole.shell.command;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.Reloading;
import blackhole.api.supervision.Reloading.Change;
import blackhole.api.supervision.Reloading.Report;
import blackhole.shell.render.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code reload}: limits that were changed in the file, without a restart. */
@Component
public final class ReloadCommand implements CommandGroup {
  private static final String NONE = "none";
  private static final Usage USAGE =
      new Usage(
          "reload",
          List.of(),
          "reads the configuration's file again, and applies changed limits to what runs",
          "Takes over resource_limits and resource_policies, as far as the kernel and the JVM allow;\n"
              + "what else has changed is listed, and waits for a restart.\n"
              + "With an error in the file nothing changes.",
          List.of(Usage.JSON),
          "reload");

  private final Reloading reloading;

  @Activate
  public ReloadCommand(@Reference Reloading reloading) {
    this.reloading = reloading;
  }

  @Override
  public List<Command> commands() {
    return List.of(Command.change(USAGE, this::reload));
  }

  private void reload(Invocation invocation) {
    Report report = reloading.reload(Invocation.WHO);
    if (!report.errors().isEmpty()) {
      throw new CommandException(
          report.file() + " is refused, and nothing has changed", report.errors());
    }
    if (!invocation.arguments().json()) {
      report.warnings().forEach(warning -> invocation.out().println("warning: " + warning));
    }
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    Table table = Table.of("INSTANCE", "KEY", "BEFORE#", "AFTER#", "IN FORCE", "HOW, OR WHY NOT");
    for (Change change : report.changes()) {
      rows.add(row(change));
      table.row(
          change.id().orElse(null),
          change.key(),
          change.before().orElse(NONE),
          change.after().orElse(NONE),
          change.applied() ? "yes" : "no",
          change.how().or(change::reason).orElse(null));
    }
    invocation.print(rows, table, "nothing has changed in " + report.file());
  }

  private static Map<String, @Nullable Object> row(Change change) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("service", change.id().map(InstanceId::service).orElse(null));
    row.put("instance", change.id().map(InstanceId::instance).orElse(null));
    row.put("key", change.key());
    row.put("before", change.before().orElse(null));
    row.put("after", change.after().orElse(null));
    row.put("applied", change.applied());
    row.put("how", change.how().orElse(null));
    row.put("reason", change.reason().orElse(null));
    return row;
  }
}
