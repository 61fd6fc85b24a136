package blackhole.shell.command;

import blackhole.api.supervision.NodeEvents;
import blackhole.api.supervision.NodeEvents.Occurrence;
import blackhole.shell.render.Table;
import blackhole.shell.render.Units;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code events}: what is published on the node; on a terminal, as it comes. */
@Component
public final class EventsCommand implements CommandGroup {
  private static final int SHOWN = 50;
  private static final Usage.Option NUMBER =
      new Usage.Option("-n", "N", "the last N events (" + SHOWN + ") instead of those to come");
  private static final Usage USAGE =
      new Usage(
          "events",
          List.of("[TYPE]"),
          "shows the node's event stream",
          """
          In a shell on a terminal it shows events as they come, until Ctrl-C; elsewhere,
          and with -n, the last ones. In TYPE * stands for any word, and as the last one
          for one or more; of a type, events are shown that are among the last thousand.\
          """,
          List.of(NUMBER, Usage.JSON),
          "events 'instance.*'");

  private final NodeEvents events;

  @Activate
  public EventsCommand(@Reference NodeEvents events) {
    this.events = events;
  }

  @Override
  public List<Command> commands() {
    return List.of(new Command(USAGE, this::events));
  }

  private void events(Invocation invocation) throws InterruptedException {
    Arguments arguments = invocation.arguments();
    Optional<String> type = arguments.at(0);
    boolean live = invocation.screen().isPresent() && !arguments.json() && !arguments.has(NUMBER);
    if (live) {
      follow(invocation, type);
      return;
    }
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    Table table = Table.of("POSITION#", "TIME", "TYPE", "SOURCE", "DATA");
    for (Occurrence event : events.last(type, arguments.number(NUMBER, 1, SHOWN))) {
      rows.add(row(event));
      table.row(
          event.position(),
          Units.time(event.time()),
          event.type(),
          event.source(),
          event.data().orElse(null));
    }
    invocation.print(rows, table, "no such event is kept");
  }

  private void follow(Invocation invocation, Optional<String> type) throws InterruptedException {
    events.follow(
        type,
        () -> invocation.out().println("events as they come; Ctrl-C ends"),
        event -> {
          invocation.out().println(line(event));
          return !invocation.out().checkError();
        });
  }

  private static String line(Occurrence event) {
    return Units.time(event.time())
        + " "
        + event.type()
        + " "
        + event.source()
        + event.data().map(data -> " " + data).orElse("");
  }

  private static Map<String, @Nullable Object> row(Occurrence event) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("position", event.position());
    row.put("time", Units.time(event.time()));
    row.put("type", event.type());
    row.put("source", event.source());
    row.put("id", event.id());
    row.put("trace_id", event.traceId().isEmpty() ? null : event.traceId());
    row.put("data", event.data().map(JsonParser::parseString).orElse(null));
    return row;
  }
}
