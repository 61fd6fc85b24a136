package blackhole.shell.command;

import blackhole.api.host.NodeHome;
import blackhole.api.supervision.NodeConfiguration;
import blackhole.api.supervision.Supervisor;
import blackhole.shell.log.LogLine;
import blackhole.shell.log.ServiceLog;
import blackhole.shell.render.Json;
import blackhole.shell.render.Units;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code logs}: what the instances of a service wrote, in the order of time. */
@Component
public final class LogsCommand implements CommandGroup {
  private static final int LINES = 100;
  private static final int LINES_BEFORE_FOLLOWING = 10;
  private static final Usage.Option FOLLOW =
      Usage.Option.flag("-f", "go on with what is written, until Ctrl-C");
  private static final Usage.Option NUMBER =
      new Usage.Option("-n", "N", "this many lines (100; 10 with -f)");
  private static final Usage USAGE =
      new Usage(
          "logs",
          List.of("SERVICE[-N]"),
          "shows the log of a service",
          List.of(FOLLOW, NUMBER, Usage.JSON),
          "logs identity -f");

  /** Ends following when nobody reads any more. */
  private static final class ReaderGone extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final Supervisor supervisor;
  private final NodeHome home;

  @Activate
  public LogsCommand(@Reference Supervisor supervisor, @Reference NodeConfiguration configuration) {
    this.supervisor = supervisor;
    this.home = NodeHome.of(configuration.home());
  }

  @Override
  public List<Command> commands() {
    return List.of(new Command(USAGE, this::logs));
  }

  private void logs(Invocation invocation) throws IOException, InterruptedException {
    Arguments arguments = invocation.arguments();
    Target target = Target.parse(arguments.required(0), supervisor.instances());
    ServiceLog log = new ServiceLog(home.log(), target.service(), target.instance());
    boolean follow = arguments.has(FOLLOW) && !arguments.json();
    int count = arguments.number(NUMBER, 0, follow ? LINES_BEFORE_FOLLOWING : LINES);
    if (follow) {
      follow(invocation, log, count);
    } else if (arguments.json()) {
      invocation
          .out()
          .println(
              Json.of(log.last(count).stream().map(line -> row(target.service(), line)).toList()));
    } else {
      StringBuilder text = new StringBuilder();
      log.last(count).forEach(line -> text.append(line.text()).append('\n'));
      invocation.out().print(text);
    }
  }

  private static void follow(Invocation invocation, ServiceLog log, int count)
      throws IOException, InterruptedException {
    try {
      log.follow(
          count,
          line -> {
            invocation.out().println(line);
            if (invocation.out().checkError()) {
              throw new ReaderGone();
            }
          });
    } catch (ReaderGone e) {
      // Nobody is there to be told.
    }
  }

  private static Map<String, @Nullable Object> row(String service, LogLine line) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("service", service);
    row.put("instance", line.instance());
    row.put("time", line.time().equals(Instant.MIN) ? null : Units.time(line.time()));
    row.put("line", line.text());
    return row;
  }
}
