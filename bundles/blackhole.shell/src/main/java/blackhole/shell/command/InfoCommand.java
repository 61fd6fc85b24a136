package blackhole.shell.command;

import blackhole.api.supervision.InstanceDetails;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.NodeWarnings;
import blackhole.api.supervision.Pressure;
import blackhole.api.supervision.Samples;
import blackhole.api.supervision.Supervisor;
import blackhole.api.supervision.Updates;
import blackhole.shell.render.Json;
import blackhole.shell.render.Units;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code info}: all there is to know of a service's instances. */
@Component
public final class InfoCommand implements CommandGroup {
  private static final Usage USAGE =
      new Usage(
          "info",
          List.of("SERVICE[-N]"),
          "shows all that is known of a service: its limits, flags and failures",
          List.of(Usage.JSON),
          "info identity");

  private final Supervisor supervisor;
  private final InstanceRows rows;

  /** Parts of the node that have something to say of it. */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile List<NodeWarnings> node = List.of();

  @Activate
  public InfoCommand(
      @Reference Supervisor supervisor,
      @Reference Samples samples,
      @Reference Pressure pressure,
      @Reference Updates updates) {
    this.supervisor = supervisor;
    this.rows = new InstanceRows(samples, pressure, updates);
  }

  @Override
  public List<Command> commands() {
    return List.of(new Command(USAGE, this::info));
  }

  private void info(Invocation invocation) {
    List<InstanceStatus> instances = supervisor.instances();
    Target target = Target.parse(invocation.arguments().required(0), instances);
    List<Map<String, @Nullable Object>> all = new ArrayList<>();
    List<InstanceDetails> shown = new ArrayList<>();
    for (InstanceStatus status : target.select(instances)) {
      Optional<InstanceDetails> details = supervisor.details(status.id());
      details.ifPresent(shown::add);
      details.ifPresent(known -> all.add(row(known)));
    }
    if (shown.isEmpty()) {
      throw new CommandException("'" + target.service() + "' has just been removed");
    }
    if (invocation.arguments().json()) {
      invocation.out().println(Json.of(all));
      return;
    }
    for (int i = 0; i < shown.size(); i++) {
      if (i > 0) {
        invocation.out().println();
      }
      print(invocation.out(), shown.get(i), all.get(i));
    }
    for (String warning : warnings()) {
      invocation.out().println("node: " + warning + " (see: doctor)");
    }
  }

  private Map<String, @Nullable Object> row(InstanceDetails details) {
    Map<String, @Nullable Object> row =
        new LinkedHashMap<>(rows.of(List.of(details.status())).get(0));
    row.put("started", details.status().started().map(Units::time).orElse(null));
    row.put(
        "failures",
        details.failures().stream().map(failure -> new Dossier(failure).row()).toList());
    row.put("limits", details.limits());
    row.put("jvm_flags", details.jvmFlags());
    row.put("depends_on", details.dependsOn());
    row.put("archive", details.archive().orElse(null));
    row.put("node_warnings", warnings());
    return row;
  }

  private List<String> warnings() {
    return node.stream()
        .flatMap(part -> part.warnings().stream())
        .map(warning -> warning.about() + " " + warning.what())
        .toList();
  }

  private static void print(
      PrintStream out, InstanceDetails details, Map<String, @Nullable Object> row) {
    InstanceStatus status = details.status();
    out.println(status.id());
    line(out, "state", status.state() + ", " + row.get("health"));
    line(out, "message", row.get("message"));
    line(out, "pid", row.get("pid"));
    line(
        out,
        "started",
        status.started().map(Units::time).orElse("")
            + status.uptime().map(uptime -> " (" + Units.duration(uptime) + " ago)").orElse(""));
    line(out, "restarts", status.restarts());
    line(out, "last restart", row.get("last_restart"));
    line(out, "last exit", row.get("last_exit"));
    line(out, "socket", row.get("socket"));
    line(out, "port", row.get("port"));
    line(out, "memory", row.get("rss_bytes") instanceof Long bytes ? Units.bytes(bytes) : null);
    line(out, "cpu", row.get("cpu_cores") instanceof Double cores ? Units.cores(cores) : null);
    line(out, "bundle", row.get("bundle_version"));
    line(out, "depends on", String.join(", ", details.dependsOn()));
    line(out, "jvm flags", String.join(" ", details.jvmFlags()));
    line(out, "archive", row.get("archive"));
    if (!details.limits().isEmpty()) {
      out.println("  limits");
      details.limits().forEach((name, value) -> out.println("    " + name + ": " + value));
    }
    if (!details.failures().isEmpty()) {
      out.println("  failures, newest first");
      details.failures().forEach(failure -> new Dossier(failure).print(out));
    }
  }

  private static void line(PrintStream out, String name, @Nullable Object value) {
    if (value != null && !value.toString().isEmpty()) {
      out.println("  " + name + " ".repeat(14 - name.length()) + value);
    }
  }
}
