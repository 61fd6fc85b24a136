package blackhole.shell.command;

import blackhole.api.supervision.Supervisor;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code start}, {@code stop} and {@code restart}. */
@Component
public final class LifecycleCommands implements CommandGroup {
  /** One of the supervisor's commands. */
  private interface Move {
    CompletionStage<List<String>> ask(String service, OptionalInt instance, String who);
  }

  private final Supervisor supervisor;

  @Activate
  public LifecycleCommands(@Reference Supervisor supervisor) {
    this.supervisor = supervisor;
  }

  @Override
  public List<Command> commands() {
    return List.of(
        command(
            "start",
            "starts what is stopped or failed, at once and outside the restart budget",
            supervisor::start),
        command(
            "stop",
            "drains a service and stops it; those that depend on it stay up",
            supervisor::stop),
        command(
            "restart",
            "stops a service and starts it again, one instance after the other",
            supervisor::restart));
  }

  private Command command(String name, String summary, Move move) {
    Usage usage =
        new Usage(
            name,
            List.of("SERVICE[-N]"),
            summary,
            "Waits until it is done. With SERVICE, for all instances; with SERVICE-N, for one.",
            List.of(),
            name + " identity-1");
    return new Command(usage, invocation -> run(invocation, move));
  }

  private void run(Invocation invocation, Move move) throws InterruptedException {
    Target target = Target.parse(invocation.arguments().required(0), supervisor.instances());
    Invocation.await(move.ask(target.service(), target.instance(), Invocation.WHO))
        .forEach(invocation.out()::println);
  }
}
