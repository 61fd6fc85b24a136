package blackhole.shell.command;

import blackhole.api.supervision.NodeConfiguration;
import blackhole.api.supervision.NodeConfiguration.Setting;
import blackhole.shell.render.Table;
import blackhole.shell.text.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code config}: the settings in force, and where each comes from. */
@Component
public final class ConfigCommand implements CommandGroup {
  private static final String SERVICES = "services.";
  private static final Usage USAGE =
      new Usage(
          "config",
          List.of("[SERVICE]"),
          "shows the settings in force, and where each comes from; secrets are hidden",
          List.of(Usage.JSON),
          "config identity");

  private final NodeConfiguration configuration;

  @Activate
  public ConfigCommand(@Reference NodeConfiguration configuration) {
    this.configuration = configuration;
  }

  @Override
  public List<Command> commands() {
    return List.of(new Command(USAGE, this::config));
  }

  private void config(Invocation invocation) {
    Optional<String> service = invocation.arguments().at(0);
    service.ifPresent(this::checkKnown);
    List<Map<String, String>> rows = new ArrayList<>();
    Table table = Table.of("KEY", "VALUE", "ORIGIN");
    for (Setting setting : configuration.settings(service)) {
      Map<String, String> row = new LinkedHashMap<>();
      row.put("key", setting.key());
      row.put("value", setting.value());
      row.put("origin", setting.origin());
      rows.add(row);
      table.row(setting.key(), setting.value(), setting.origin());
    }
    invocation.print(rows, table, "nothing is configured");
  }

  /** By its settings, because one that is disabled has no instances. */
  private void checkKnown(String service) {
    Set<String> known = new LinkedHashSet<>();
    for (Setting setting : configuration.settings(Optional.empty())) {
      int end = setting.key().indexOf('.', SERVICES.length());
      if (setting.key().startsWith(SERVICES) && end > 0) {
        known.add(setting.key().substring(SERVICES.length(), end));
      }
    }
    if (!known.contains(service)) {
      throw new CommandException(
          "unknown service '" + service + "'" + Suggestion.phrase(service, known));
    }
  }
}
