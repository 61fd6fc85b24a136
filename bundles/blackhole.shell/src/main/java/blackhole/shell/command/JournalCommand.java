package blackhole.shell.command;

import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.StateHistory;
import blackhole.api.supervision.StateHistory.Event;
import blackhole.api.supervision.Supervisor;
import blackhole.shell.render.Table;
import blackhole.shell.render.Units;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code journal}: what happened to instances, why, and who wanted it. */
@Component
public final class JournalCommand implements CommandGroup {
  private static final int SHOWN = 50;

  private static final Usage.Option LINES =
      new Usage.Option("-n", "N", "the last N events (" + SHOWN + ")");

  private static final Usage USAGE =
      new Usage(
          "journal",
          List.of("[SERVICE[-N]]"),
          "shows changes of state, decisions and warnings, with their cause and who wanted them",
          "The last thousand are kept, also over a restart of the node.",
          List.of(LINES, Usage.JSON),
          "journal identity -n 20");

  private final Supervisor supervisor;
  private final StateHistory history;

  @Activate
  public JournalCommand(@Reference Supervisor supervisor, @Reference StateHistory history) {
    this.supervisor = supervisor;
    this.history = history;
  }

  @Override
  public List<Command> commands() {
    return List.of(new Command(USAGE, this::journal));
  }

  private void journal(Invocation invocation) {
    int most = invocation.arguments().number(LINES, 1, SHOWN);
    Optional<Target> target = invocation.arguments().at(0).map(this::target);
    List<Event> events =
        history.events().stream()
            .filter(event -> target.isEmpty() || concerns(event, target.get()))
            .toList();
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    Table table = Table.of("TIME", "INSTANCE", "STATE", "WHO", "CAUSE");
    for (Event event : events.subList(Math.max(0, events.size() - most), events.size())) {
      rows.add(row(event));
      table.row(Units.time(event.time()), name(event), states(event), event.who(), event.cause());
    }
    invocation.print(rows, table, "nothing has happened yet");
  }

  /** Also of what is not configured any more: it may be what somebody looks for. */
  private Target target(String name) {
    boolean past =
        history.events().stream().anyMatch(event -> event.service().equals(Optional.of(name)));
    return past
        ? new Target(name, OptionalInt.empty())
        : Target.parse(name, supervisor.instances());
  }

  private static boolean concerns(Event event, Target target) {
    return event.service().equals(Optional.of(target.service()))
        && (target.instance().isEmpty()
            || event.instance().isEmpty()
            || event.instance().equals(target.instance()));
  }

  private static Map<String, @Nullable Object> row(Event event) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("time", Units.time(event.time()));
    row.put("service", event.service().orElse(null));
    row.put("instance", event.instance().isPresent() ? event.instance().getAsInt() : null);
    row.put("from", event.from().map(InstanceState::name).orElse(null));
    row.put("to", event.to().map(InstanceState::name).orElse(null));
    row.put("cause", event.cause());
    row.put("who", event.who());
    row.put("warning", event.warning());
    return row;
  }

  private static @Nullable String name(Event event) {
    return event.service().isEmpty()
        ? null
        : event.instance().isEmpty()
            ? event.service().get()
            : event.service().get() + "-" + event.instance().getAsInt();
  }

  private static @Nullable String states(Event event) {
    if (event.from().isEmpty() || event.to().isEmpty()) {
      return null;
    }
    InstanceState from = event.from().get();
    InstanceState to = event.to().get();
    return from == to ? to.name() : from + " -> " + to;
  }
}
