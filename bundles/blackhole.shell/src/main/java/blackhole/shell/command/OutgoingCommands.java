package blackhole.shell.command;

import blackhole.api.registry.ServiceDirectory;
import blackhole.api.rpc.BreakerState;
import blackhole.api.rpc.ServiceCalls;
import blackhole.api.supervision.Hosts;
import blackhole.api.supervision.Hosts.CallerReport;
import blackhole.shell.render.Table;
import blackhole.shell.render.Units;
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
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code breakers} and {@code calls}: how the processes of this node fare with what they call. */
@Component
public final class OutgoingCommands implements CommandGroup {
  private static final Usage BREAKERS =
      new Usage(
          "breakers",
          List.of("[SERVICE]"),
          "shows the circuit breakers of callers, by the service they call",
          "An open one fails calls at once; half-open, it lets a few through to see.",
          List.of(Usage.JSON),
          "breakers storage");

  private static final Usage CALLS =
      new Usage(
          "calls",
          List.of("[SERVICE]"),
          "counts what callers called, and what became of it",
          """
          Since each caller's start. Failed is any status but OK; retries are attempts after a
          call's first; held are calls that waited for an instance; ejected are the times that
          an instance was left out for a while, because its calls failed and others' did not.""",
          List.of(Usage.JSON),
          "calls storage");

  private final Hosts hosts;

  /** Knows services that nobody has called yet. */
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  volatile @Nullable ServiceDirectory directory;

  /** One caller, one service. */
  private record Relation(String caller, ServiceCalls calls) {}

  @Activate
  public OutgoingCommands(@Reference Hosts hosts) {
    this.hosts = hosts;
  }

  @Override
  public List<Command> commands() {
    return List.of(new Command(BREAKERS, this::breakers), new Command(CALLS, this::calls));
  }

  private void breakers(Invocation invocation) throws InterruptedException {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    Table table = Table.of("CALLER", "SERVICE", "STATE", "FAILURES#", "SINCE");
    for (Relation each : relations(invocation)) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("caller", each.caller());
      row.put("service", each.calls().service());
      row.put("state", state(each.calls().breaker()));
      row.put("failures", each.calls().failures());
      row.put("since", Units.time(each.calls().since()));
      rows.add(row);
      table.row(row.values().toArray());
    }
    invocation.print(rows, table, nothing(invocation));
  }

  private void calls(Invocation invocation) throws InterruptedException {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    Table table =
        Table.of(
            "CALLER",
            "SERVICE",
            "CALLS#",
            "FAILED#",
            "RETRIES#",
            "HELD#",
            "BREAKER#",
            "LIMIT#",
            "DEADLINE#",
            "REMOTE#",
            "EJECTED#",
            "IN FLIGHT#");
    for (Relation each : relations(invocation)) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("caller", each.caller());
      row.put("service", each.calls().service());
      row.put("calls", each.calls().calls());
      row.put("failed", each.calls().failed());
      row.put("retries", each.calls().retries());
      row.put("held", each.calls().held());
      row.put("refused_by_breaker", each.calls().refusedByBreaker());
      row.put("refused_by_limit", each.calls().refusedByLimit());
      row.put("deadline_exceeded", each.calls().deadlineExceeded());
      row.put("remote", each.calls().remote());
      row.put("ejected", each.calls().ejected());
      row.put("in_flight", each.calls().inFlight());
      rows.add(row);
      table.row(row.values().toArray());
    }
    invocation.print(rows, table, nothing(invocation));
  }

  private List<Relation> relations(Invocation invocation) throws InterruptedException {
    Optional<String> service = invocation.arguments().at(0);
    List<Relation> relations = new ArrayList<>();
    for (CallerReport report : Invocation.await(hosts.outgoingCalls())) {
      for (ServiceCalls calls : report.calls()) {
        if (service.isEmpty() || service.get().equals(calls.service())) {
          relations.add(new Relation(report.caller(), calls));
        }
      }
    }
    if (relations.isEmpty() && service.isPresent()) {
      checkName(service.get());
    }
    return relations;
  }

  private void checkName(String service) {
    ServiceDirectory known = directory;
    if (known != null && known.isComplete() && known.find(service).isEmpty()) {
      throw Directories.unknown(known, service);
    }
  }

  private static String nothing(Invocation invocation) {
    return invocation
        .arguments()
        .at(0)
        .map(service -> "nobody on this node has called '" + service + "' yet")
        .orElse("nobody on this node has called a service yet");
  }

  private static String state(BreakerState state) {
    return switch (state) {
      case CLOSED -> "closed";
      case OPEN -> "open";
      case HALF_OPEN -> "half-open";
    };
  }
}
