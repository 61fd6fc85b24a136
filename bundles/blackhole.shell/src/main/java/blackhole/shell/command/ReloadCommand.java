package blackhole.shell.command;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.Reloading;
import blackhole.api.supervision.Reloading.Change;
import blackhole.api.supervision.Reloading.How;
import blackhole.api.supervision.Reloading.Report;
import blackhole.shell.render.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code reload}: brings the node to what its file says now. */
@Component
public final class ReloadCommand implements CommandGroup {
  private static final String NONE = "none";
  private static final Usage.Option DRY_RUN =
      Usage.Option.flag("--dry-run", "only show what would be done");

  private static final Usage USAGE =
      new Usage(
          "reload",
          List.of(),
          "reads the configuration's file again, and brings the node to what it says",
          "What can change in what runs, changes there (live). Services whose processes have to be"
              + " others get new ones, as\nwith restart --rolling (rolling); services that are new,"
              + " gone, enabled or disabled are started or stopped (start,\nstop). What waits for a"
              + " restart of the node is listed too. With an error in the file nothing changes.",
          List.of(DRY_RUN, Usage.JSON),
          "reload --dry-run");

  private final Reloading reloading;

  @Activate
  public ReloadCommand(@Reference Reloading reloading) {
    this.reloading = reloading;
  }

  @Override
  public List<Command> commands() {
    return List.of(Command.change(USAGE, this::reload));
  }

  private void reload(Invocation invocation) throws InterruptedException {
    boolean json = invocation.arguments().json();
    Consumer<String> progress = json ? step -> {} : invocation.out()::println;
    Report report =
        invocation.arguments().has(DRY_RUN)
            ? reloading.preview()
            : UpdateCommands.followed(steps -> reloading.reload(Invocation.WHO, steps), progress);
    if (!report.errors().isEmpty()) {
      throw new CommandException(
          report.file() + " is refused, and nothing has changed", report.errors());
    }
    report.warnings().forEach(warning -> progress.accept("warning: " + warning));
    print(invocation, report);
    if (!report.failures().isEmpty()) {
      throw new CommandException("not all of it is in force", report.failures());
    }
  }

  private static void print(Invocation invocation, Report report) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    Table table = Table.of("SERVICE", "KEY", "OLD#", "NEW#", "HOW", "DONE", "MESSAGE");
    for (Change change : report.changes()) {
      rows.add(row(change));
      table.row(
          name(change).orElse(null),
          change.key().isEmpty() ? null : change.key(),
          change.before().orElse(NONE),
          change.after().orElse(NONE),
          words(change.how()),
          change.applied().map(done -> done ? "yes" : "no").orElse(null),
          change.message());
    }
    invocation.print(rows, table, "nothing has changed in " + report.file());
  }

  private static Optional<String> name(Change change) {
    return change
        .service()
        .map(
            service ->
                change.instance().isPresent()
                    ? new InstanceId(service, change.instance().getAsInt()).toString()
                    : service);
  }

  private static String words(How how) {
    return switch (how) {
      case LIVE -> "live";
      case ROLLING -> "rolling";
      case START -> "start";
      case STOP -> "stop";
      case NODE_RESTART -> "needs a restart of the node";
    };
  }

  private static Map<String, @Nullable Object> row(Change change) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("service", change.service().orElse(null));
    row.put("instance", change.instance().isPresent() ? change.instance().getAsInt() : null);
    row.put("key", change.key());
    row.put("before", change.before().orElse(null));
    row.put("after", change.after().orElse(null));
    row.put("how", words(change.how()));
    row.put("applied", change.applied().orElse(null));
    row.put("message", change.message());
    return row;
  }
}
