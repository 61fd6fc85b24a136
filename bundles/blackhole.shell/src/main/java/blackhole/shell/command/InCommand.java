package blackhole.shell.command;

import blackhole.api.shell.LineResult;
import blackhole.api.supervision.Hosts;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.Supervisor;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code in}: a line of Gogo inside a service's host. */
@Component
public final class InCommand implements CommandGroup {
  private static final Usage USAGE =
      new Usage(
          "in",
          List.of("SERVICE[-N]", "'LINE'"),
          "runs a line of Gogo inside a service's host",
          "With SERVICE, in its first instance.",
          List.of(),
          "in identity 'bundles'");

  private final Supervisor supervisor;
  private final Hosts hosts;

  @Activate
  public InCommand(@Reference Supervisor supervisor, @Reference Hosts hosts) {
    this.supervisor = supervisor;
    this.hosts = hosts;
  }

  @Override
  public List<Command> commands() {
    return List.of(Command.change(USAGE, this::in));
  }

  private void in(Invocation invocation) throws InterruptedException {
    List<InstanceStatus> instances = supervisor.instances();
    Target target = Target.parse(invocation.arguments().required(0), instances);
    LineResult result =
        Invocation.await(
            hosts.execute(target.first(instances), invocation.arguments().required(1)));
    invocation.out().print(result.stdout());
    invocation.out().flush();
    HostLine.check(result);
  }
}
