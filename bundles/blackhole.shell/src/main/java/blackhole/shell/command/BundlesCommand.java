package blackhole.shell.command;

import blackhole.api.shell.LineResult;
import blackhole.api.supervision.Hosts;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.Supervisor;
import blackhole.shell.render.Json;
import blackhole.shell.render.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code bundles}: of this process, or of a service's host. Hosts have it too, for themselves. */
@Component
public final class BundlesCommand implements CommandGroup {
  private static final Usage USAGE =
      new Usage(
          "bundles",
          List.of("[SERVICE[-N]]"),
          "lists the bundles of this process, or of a service's host",
          List.of(Usage.JSON),
          "bundles identity");

  private final BundleContext context;
  private final @Nullable Supervisor supervisor;
  private final @Nullable Hosts hosts;

  @Activate
  public BundlesCommand(
      BundleContext context,
      @Reference(
              cardinality = ReferenceCardinality.OPTIONAL,
              policyOption = ReferencePolicyOption.GREEDY)
          @Nullable Supervisor supervisor,
      @Reference(
              cardinality = ReferenceCardinality.OPTIONAL,
              policyOption = ReferencePolicyOption.GREEDY)
          @Nullable Hosts hosts) {
    this.context = context;
    this.supervisor = supervisor;
    this.hosts = hosts;
  }

  @Override
  public List<Command> commands() {
    return List.of(new Command(USAGE, this::bundles));
  }

  private void bundles(Invocation invocation) throws InterruptedException {
    Optional<String> service = invocation.arguments().at(0);
    List<Map<String, Object>> rows = service.isPresent() ? ofHost(service.get()) : own();
    Table table = Table.of("ID#", "BUNDLE", "VERSION", "STATE");
    for (Map<String, Object> row : rows) {
      table.row(row.get("id"), row.get("symbolic_name"), row.get("version"), row.get("state"));
    }
    invocation.print(rows, table, "no bundles");
  }

  private List<Map<String, Object>> own() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Bundle bundle : context.getBundles()) {
      rows.add(
          row(
              bundle.getBundleId(),
              String.valueOf(bundle.getSymbolicName()),
              bundle.getVersion().toString(),
              state(bundle.getState())));
    }
    return rows;
  }

  private List<Map<String, Object>> ofHost(String name) throws InterruptedException {
    if (supervisor == null || hosts == null) {
      throw new CommandException("this process has no other bundles than its own");
    }
    List<InstanceStatus> instances = supervisor.instances();
    Target target = Target.parse(name, instances);
    LineResult answer =
        Invocation.await(hosts.execute(target.first(instances), "bh:bundles --json"));
    if (answer.exitCode() != 0) {
      throw new CommandException(answer.stderr().strip());
    }
    return Json.objects(answer.stdout()).stream()
        .map(
            bundle ->
                row(
                    bundle.get("id").getAsLong(),
                    bundle.get("symbolic_name").getAsString(),
                    bundle.get("version").getAsString(),
                    bundle.get("state").getAsString()))
        .toList();
  }

  private static Map<String, Object> row(long id, String name, String version, String state) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", id);
    row.put("symbolic_name", name);
    row.put("version", version);
    row.put("state", state);
    return row;
  }

  private static String state(int state) {
    return switch (state) {
      case Bundle.UNINSTALLED -> "UNINSTALLED";
      case Bundle.INSTALLED -> "INSTALLED";
      case Bundle.RESOLVED -> "RESOLVED";
      case Bundle.STARTING -> "STARTING";
      case Bundle.STOPPING -> "STOPPING";
      case Bundle.ACTIVE -> "ACTIVE";
      default -> Integer.toString(state);
    };
  }
}
