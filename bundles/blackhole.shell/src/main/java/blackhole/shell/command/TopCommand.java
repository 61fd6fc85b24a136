package blackhole.shell.command;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.JvmUsage;
import blackhole.api.supervision.PastUsage;
import blackhole.api.supervision.ProcessUsage;
import blackhole.api.supervision.Samples;
import blackhole.api.supervision.Supervisor;
import blackhole.shell.render.Table;
import blackhole.shell.render.Units;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code top}: what the processes use; on a terminal, again and again. */
@Component
public final class TopCommand implements CommandGroup {
  private static final Duration REFRESH = Duration.ofSeconds(2);
  private static final String NONE = "no service is configured to run";
  private static final Usage USAGE =
      new Usage(
          "top",
          List.of("[SERVICE]"),
          "shows what the processes use",
          """
          In a shell on a terminal this is a live view, until q or Ctrl-C; elsewhere it
          is one fresh answer. PSS is a process's own memory with its part of what it
          shares. What the JVM says (HEAP, VTHREADS) is as old as its last sample.
          With --past it is what the service telemetry has kept: averages and peaks.""",
          List.of(PastRows.OPTION, Usage.JSON),
          "top identity");

  private final Supervisor supervisor;
  private final Samples samples;
  private final PastUsage past;

  @Activate
  public TopCommand(
      @Reference Supervisor supervisor, @Reference Samples samples, @Reference PastUsage past) {
    this.supervisor = supervisor;
    this.samples = samples;
    this.past = past;
  }

  @Override
  public List<Command> commands() {
    return List.of(new Command(USAGE, this::top));
  }

  private void top(Invocation invocation) throws IOException, InterruptedException {
    Optional<String> name = invocation.arguments().at(0);
    Optional<Target> target = name.map(text -> Target.parse(text, supervisor.instances()));
    Optional<Duration> back = PastRows.back(invocation.arguments());
    if (back.isPresent()) {
      PastRows.print(invocation, past.past(target.map(Target::service), back.get()), target);
      return;
    }
    Optional<Screen> screen =
        invocation.arguments().json() ? Optional.empty() : invocation.screen();
    if (screen.isPresent()) {
      live(screen.get(), target);
    } else {
      List<Map<String, @Nullable Object>> rows = rows(target);
      invocation.print(rows, table(rows), NONE);
    }
  }

  private void live(Screen screen, Optional<Target> target)
      throws IOException, InterruptedException {
    try (Screen.Drawing drawing = screen.open()) {
      int key;
      do {
        drawing.show(view(target, drawing.columns()));
        key = drawing.key(REFRESH);
      } while (key != 'q' && key != 'Q' && key != Screen.Drawing.GONE);
    }
  }

  private String view(Optional<Target> target, int columns) {
    Table table = table(rows(target));
    String body = table.isEmpty() ? NONE + "\n" : table.render(columns);
    return body + "\nevery " + REFRESH.toSeconds() + " s; q ends\n";
  }

  /** One for each instance, running or not. */
  private List<Map<String, @Nullable Object>> rows(Optional<Target> target) {
    List<InstanceStatus> instances = supervisor.instances();
    Map<InstanceId, ProcessUsage> usages =
        samples.look(Samples.Depth.FULL).stream()
            .collect(Collectors.toMap(ProcessUsage::id, Function.identity()));
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (InstanceStatus status : target.map(some -> some.select(instances)).orElse(instances)) {
      rows.add(row(status, Optional.ofNullable(usages.get(status.id()))));
    }
    return rows;
  }

  private static Map<String, @Nullable Object> row(
      InstanceStatus status, Optional<ProcessUsage> usage) {
    Optional<JvmUsage> jvm = usage.flatMap(ProcessUsage::jvm);
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("service", status.id().service());
    row.put("instance", status.id().instance());
    row.put("pid", usage.map(ProcessUsage::pid).orElse(null));
    row.put("rss_bytes", usage.map(ProcessUsage::rssBytes).orElse(null));
    row.put("pss_bytes", usage.flatMap(TopCommand::pss).orElse(null));
    row.put("memory_limit_bytes", usage.flatMap(TopCommand::limit).orElse(null));
    row.put("cpu_cores", usage.flatMap(TopCommand::cores).orElse(null));
    row.put("open_fds", usage.map(ProcessUsage::openFds).orElse(null));
    row.put("threads", usage.map(ProcessUsage::threads).orElse(null));
    row.put("virtual_threads", jvm.flatMap(TopCommand::virtualThreads).orElse(null));
    row.put("heap_used_bytes", jvm.map(JvmUsage::heapUsedBytes).orElse(null));
    row.put("sampled_at", usage.map(ProcessUsage::sampledAt).map(Units::time).orElse(null));
    return row;
  }

  private static Optional<Long> pss(ProcessUsage usage) {
    return usage.pssBytes().stream().boxed().findFirst();
  }

  private static Optional<Long> limit(ProcessUsage usage) {
    return usage.memoryLimitBytes().stream().boxed().findFirst();
  }

  private static Optional<Double> cores(ProcessUsage usage) {
    return usage.cpuCores().stream().boxed().findFirst();
  }

  private static Optional<Integer> virtualThreads(JvmUsage jvm) {
    return jvm.virtualThreads().stream().boxed().findFirst();
  }

  private static Table table(List<Map<String, @Nullable Object>> rows) {
    Table table =
        Table.of(
            "INSTANCE",
            "PID#",
            "CPU#",
            "RSS#",
            "PSS#",
            "LIMIT#",
            "HEAP#",
            "FDS#",
            "THREADS#",
            "VTHREADS#");
    for (Map<String, @Nullable Object> row : rows) {
      table.row(
          row.get("service") + "-" + row.get("instance"),
          row.get("pid"),
          row.get("cpu_cores") instanceof Double cores ? Units.cores(cores) : null,
          bytes(row.get("rss_bytes")),
          bytes(row.get("pss_bytes")),
          bytes(row.get("memory_limit_bytes")),
          bytes(row.get("heap_used_bytes")),
          row.get("open_fds"),
          row.get("threads"),
          row.get("virtual_threads"));
    }
    return table;
  }

  private static @Nullable String bytes(@Nullable Object value) {
    return value instanceof Long bytes ? Units.bytes(bytes) : null;
  }
}
