package blackhole.shell.command;

import blackhole.api.host.NodeHome;
import blackhole.api.supervision.InstanceLimit;
import blackhole.api.supervision.InstanceLimits;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.NodeConfiguration;
import blackhole.api.supervision.NodeConfiguration.Setting;
import blackhole.api.supervision.NodeWarnings;
import blackhole.api.supervision.Pressure;
import blackhole.api.supervision.StateHistory;
import blackhole.api.supervision.StateHistory.Event;
import blackhole.api.supervision.Supervisor;
import blackhole.shell.doctor.Finding;
import blackhole.shell.doctor.HomeChecks;
import blackhole.shell.doctor.InstanceChecks;
import blackhole.shell.doctor.MachineChecks;
import blackhole.shell.render.Table;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code doctor}: what is commonly wrong, and what to do. */
@Component
public final class DoctorCommand implements CommandGroup {
  private static final Usage USAGE =
      new Usage(
          "doctor",
          List.of(),
          "looks for what is commonly wrong, and says what to do",
          "Looks at instances and what they wait for, limits that nothing enforces or that are more"
              + " than\nthe machine has, ports that others have, pressure, certificates, the clock,"
              + " the disk, files\nthat were left, and the port of the metrics. Changes nothing.",
          List.of(Usage.JSON),
          "doctor");

  private static final String LOOPBACK = "node.tls.insecure_loopback";

  private static final Set<String> CERTIFICATES =
      Set.of("node.tls.certificate", "node.tls.certificate_authority");

  private final Supervisor supervisor;
  private final InstanceLimits limits;
  private final Pressure pressure;
  private final StateHistory history;
  private final NodeConfiguration configuration;
  private final HomeChecks home;

  /** Other parts of the node, who have something to say themselves. */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile List<NodeWarnings> others = List.of();

  @Activate
  public DoctorCommand(
      @Reference Supervisor supervisor,
      @Reference InstanceLimits limits,
      @Reference Pressure pressure,
      @Reference StateHistory history,
      @Reference NodeConfiguration configuration) {
    this.supervisor = supervisor;
    this.limits = limits;
    this.pressure = pressure;
    this.history = history;
    this.configuration = configuration;
    this.home = new HomeChecks(NodeHome.of(configuration.home()), Clock.systemUTC());
  }

  @Override
  public List<Command> commands() {
    return List.of(new Command(USAGE, this::examine));
  }

  private void examine(Invocation invocation) {
    List<Map<String, String>> rows = new ArrayList<>();
    Table table = Table.of("SEVERITY", "ABOUT", "WHAT", "WHAT TO DO");
    for (Finding finding : findings()) {
      String severity = finding.severity().name().toLowerCase(Locale.ROOT);
      Map<String, String> row = new LinkedHashMap<>();
      row.put("severity", severity);
      row.put("about", finding.about());
      row.put("what", finding.what());
      row.put("advice", finding.advice());
      rows.add(row);
      table.row(severity, finding.about(), finding.what(), finding.advice());
    }
    invocation.print(rows, table, "nothing is wrong that is commonly wrong");
  }

  private List<Finding> findings() {
    List<InstanceStatus> instances = supervisor.instances();
    List<Finding> all = new ArrayList<>();
    all.addAll(InstanceChecks.states(instances));
    all.addAll(InstanceChecks.pressure(pressure.signals()));
    List<InstanceLimit> promised = limits.limits();
    all.addAll(InstanceChecks.limits(instances, promised));
    all.addAll(MachineChecks.memory(promised, MachineChecks.machineBytes()));
    all.addAll(MachineChecks.cores(promised, Runtime.getRuntime().availableProcessors()));
    boolean loopback = isOnLoopback();
    all.addAll(MachineChecks.ports(instances, port -> MachineChecks.isTaken(port, loopback)));
    all.addAll(home.certificates(certificates()));
    all.addAll(home.clock(lastEvent()));
    all.addAll(home.disk());
    all.addAll(home.sockets());
    all.addAll(home.dumps());
    others.stream()
        .flatMap(part -> part.warnings().stream())
        .map(
            warning ->
                new Finding(
                    Finding.Severity.WARNING, warning.about(), warning.what(), warning.advice()))
        .forEach(all::add);
    all.sort(Comparator.comparing(Finding::severity));
    return all;
  }

  /** Where services listen with TCP. */
  private boolean isOnLoopback() {
    return configuration.settings(Optional.empty()).stream()
        .anyMatch(setting -> setting.key().equals(LOOPBACK) && setting.value().equals("true"));
  }

  private List<Path> certificates() {
    return configuration.settings(Optional.empty()).stream()
        .filter(setting -> CERTIFICATES.contains(setting.key()))
        .map(Setting::value)
        .filter(value -> value.startsWith("/"))
        .map(Path::of)
        .toList();
  }

  private Optional<Instant> lastEvent() {
    return history.events().stream().map(Event::time).max(Comparator.naturalOrder());
  }
}
