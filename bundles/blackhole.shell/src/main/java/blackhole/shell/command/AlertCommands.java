package blackhole.shell.command;

import blackhole.api.supervision.Alerts;
import blackhole.api.supervision.Alerts.Alert;
import blackhole.shell.render.Table;
import blackhole.shell.render.Units;
import blackhole.shell.text.ShortDuration;
import blackhole.shell.text.Suggestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code alerts} and {@code silence}: what an operator has to see to, or has seen. */
@Component
public final class AlertCommands implements CommandGroup {
  private static final Usage ALERTS =
      new Usage(
          "alerts",
          List.of("[SERVICE]"),
          "shows what is to be seen to, then what was resolved in the last day",
          """
          The newest first. An alert holds until its RESOLVED is set. Those that are silenced are
          here too. node.alerts in the configuration has the rules.""",
          List.of(Usage.JSON),
          "alerts storage");

  private static final Usage SILENCE =
      new Usage(
          "silence",
          List.of("ALERT", "DURATION"),
          "tells nobody of an alert for a while",
          """
          ALERT is a name, or NAME/SERVICE. It stands in 'alerts' all the same, and is told after
          that if it still holds. 0s ends the silence.""",
          List.of(),
          "silence breaker_open/storage 2h");

  private final Alerts alerts;

  @Activate
  public AlertCommands(@Reference Alerts alerts) {
    this.alerts = alerts;
  }

  @Override
  public List<Command> commands() {
    return List.of(
        new Command(ALERTS, this::list), new Command(SILENCE, this::silence, this::words, true));
  }

  private void list(Invocation invocation) {
    Optional<String> service = invocation.arguments().at(0);
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    Table table =
        Table.of("SEVERITY", "NAME", "SERVICE", "SINCE", "RESOLVED", "SILENT UNTIL", "MESSAGE");
    for (Alert alert : alerts.alerts()) {
      if (service.isEmpty() || alert.service().equals(service)) {
        Map<String, @Nullable Object> row = row(alert);
        rows.add(row);
        table.row(
            row.get("severity"),
            alert.name(),
            row.get("service"),
            row.get("since"),
            row.get("resolved"),
            alert.silencedUntil().map(Units::time).orElse(null),
            alert.reason().isEmpty() ? alert.message() : alert.message() + "; " + alert.reason());
      }
    }
    invocation.print(rows, table, "there is no alert");
  }

  private static Map<String, @Nullable Object> row(Alert alert) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("service", alert.service().orElse(null));
    row.put("severity", alert.severity().name().toLowerCase(Locale.ROOT));
    row.put("name", alert.name());
    row.put("message", alert.message());
    row.put("reason", alert.reason());
    row.put("since", Units.time(alert.since()));
    row.put("resolved", alert.resolved().map(Units::time).orElse(null));
    return row;
  }

  private void silence(Invocation invocation) {
    String alert = invocation.arguments().required(0);
    String text = invocation.arguments().required(1);
    Duration atMost =
        ShortDuration.parse(text)
            .orElseThrow(
                () ->
                    invocation
                        .arguments()
                        .wrong("'" + text + "' is no duration such as 30s, 10m or 2h"));
    String name = alert.replaceAll("/.*", "");
    if (!alerts.names().contains(name)) {
      throw new CommandException(
          "there is no alert '" + name + "'" + Suggestion.phrase(name, alerts.names()));
    }
    List<Alert> concerned = alerts.silence(alert, atMost, Invocation.WHO);
    String now = concerned.isEmpty() ? "" : "; holds now: " + messages(concerned);
    invocation
        .out()
        .println(
            atMost.isZero()
                ? alert + " is silent no more" + now
                : alert + " is silent for " + Units.duration(atMost) + now);
  }

  private static String messages(List<Alert> some) {
    return String.join(", ", some.stream().map(Alert::message).toList());
  }

  /** Those that hold, then all there could be. */
  private List<String> words() {
    Set<String> words = new LinkedHashSet<>();
    alerts.alerts().stream()
        .filter(alert -> alert.resolved().isEmpty())
        .forEach(
            alert -> {
              words.add(alert.name());
              alert.service().ifPresent(service -> words.add(alert.name() + "/" + service));
            });
    words.addAll(alerts.names());
    return List.copyOf(words);
  }
}
