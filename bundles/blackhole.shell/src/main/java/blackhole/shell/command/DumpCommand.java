package blackhole.shell.command;

import blackhole.api.host.NodeHome;
import blackhole.api.shell.LineResult;
import blackhole.api.supervision.Hosts;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.NodeConfiguration;
import blackhole.api.supervision.Supervisor;
import blackhole.shell.render.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code dump}: what a JVM is doing, or holding. */
@Component
public final class DumpCommand implements CommandGroup {
  private static final Usage USAGE =
      new Usage(
          "dump",
          List.of("SERVICE[-N]", "threads|heap"),
          "prints the threads of a service's JVM, or writes its heap to a file",
          "With SERVICE, of its first instance. A heap dump halts the service while it is written,"
              + " is as\nlarge as the heap, and holds whatever secrets the service does; the newest"
              + " two are kept.",
          List.of(Usage.JSON),
          "dump identity threads");

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Supervisor supervisor;
  private final Hosts hosts;
  private final Path logs;
  private final Clock clock;

  @Activate
  public DumpCommand(
      @Reference Supervisor supervisor,
      @Reference Hosts hosts,
      @Reference NodeConfiguration configuration) {
    this(supervisor, hosts, NodeHome.of(configuration.home()).log(), Clock.systemUTC());
  }

  DumpCommand(Supervisor supervisor, Hosts hosts, Path logs, Clock clock) {
    this.supervisor = supervisor;
    this.hosts = hosts;
    this.logs = logs;
    this.clock = clock;
  }

  @Override
  public List<Command> commands() {
    return List.of(Command.change(USAGE, this::dump));
  }

  private void dump(Invocation invocation) throws InterruptedException {
    Arguments arguments = invocation.arguments();
    List<InstanceStatus> instances = supervisor.instances();
    InstanceId id = Target.parse(arguments.required(0), instances).first(instances);
    switch (arguments.required(1)) {
      case "threads" -> threads(invocation, id);
      case "heap" -> heap(invocation, id);
      default ->
          throw arguments.wrong(
              "'" + arguments.required(1) + "' cannot be dumped, only threads and heap");
    }
  }

  private void threads(Invocation invocation, InstanceId id) throws InterruptedException {
    String text = HostLine.run(hosts, id, "host:threads").stdout();
    if (invocation.arguments().json()) {
      print(invocation, id, "threads", text, Optional.empty());
    } else {
      invocation.out().print(text);
    }
  }

  private void heap(Invocation invocation, InstanceId id) throws InterruptedException {
    String name = id + "-" + STAMP.format(clock.instant()) + ".hprof";
    LineResult unused = HostLine.run(hosts, id, "host:heap " + name);
    Path file = logs.resolve(name);
    if (invocation.arguments().json()) {
      print(invocation, id, "heap", null, Optional.of(file));
    } else {
      invocation.out().println("the heap of " + id + " is in " + file);
    }
  }

  private static void print(
      Invocation invocation,
      InstanceId id,
      String what,
      @Nullable String text,
      Optional<Path> file) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("service", id.service());
    row.put("instance", id.instance());
    row.put("what", what);
    row.put("text", text);
    row.put("file", file.map(Path::toString).orElse(null));
    invocation.out().println(Json.of(List.of(row)));
  }
}
