package blackhole.shell.command;

import blackhole.api.shell.LineResult;
import blackhole.api.supervision.Hosts;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.Supervisor;
import blackhole.shell.render.Table;
import blackhole.shell.text.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code log}: how much a service writes into its log. */
@Component
public final class LogCommand implements CommandGroup {
  private static final List<String> LEVELS =
      List.of("off", "error", "warning", "info", "debug", "trace", "default");

  private static final Pattern LOGGER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.$-]*");

  private static final Usage USAGE =
      new Usage(
          "log",
          List.of("SERVICE[-N]", "LOGGER", "LEVEL"),
          "sets the level of a logger, and of those below it, until the process ends",
          "LOGGER is a name such as blackhole.identity, or root. LEVEL is one of "
              + String.join(", ", LEVELS.subList(0, LEVELS.size() - 1))
              + ",\nor default, which takes it back. With SERVICE, in all its instances.",
          List.of(Usage.JSON),
          "log identity blackhole.identity debug");

  private final Supervisor supervisor;
  private final Hosts hosts;

  @Activate
  public LogCommand(@Reference Supervisor supervisor, @Reference Hosts hosts) {
    this.supervisor = supervisor;
    this.hosts = hosts;
  }

  @Override
  public List<Command> commands() {
    return List.of(Command.change(USAGE, this::log));
  }

  private void log(Invocation invocation) throws InterruptedException {
    Arguments arguments = invocation.arguments();
    List<InstanceStatus> instances = supervisor.instances();
    Target target = Target.parse(arguments.required(0), instances);
    String logger = arguments.required(1);
    if (!LOGGER.matcher(logger).matches()) {
      throw arguments.wrong("'" + logger + "' is no logger's name");
    }
    String level = arguments.required(2).toLowerCase(Locale.ROOT);
    if (!LEVELS.contains(level)) {
      throw arguments.wrong(
          "'" + arguments.required(2) + "' is no level" + Suggestion.phrase(level, LEVELS));
    }
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    Table table = Table.of("INSTANCE", "LOGGER", "LEVEL");
    for (InstanceStatus status : target.select(instances)) {
      InstanceId id = status.id();
      LineResult unused = HostLine.run(hosts, id, "host:level " + logger + " " + level);
      rows.add(row(id, logger, level));
      table.row(id, logger, level);
    }
    invocation.print(rows, table, "no instance");
  }

  private static Map<String, @Nullable Object> row(InstanceId id, String logger, String level) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("service", id.service());
    row.put("instance", id.instance());
    row.put("logger", logger);
    row.put("level", level);
    return row;
  }
}
