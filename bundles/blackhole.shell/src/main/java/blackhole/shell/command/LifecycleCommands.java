package blackhole.shell.command;

import blackhole.api.supervision.Supervisor;
import blackhole.api.supervision.Updates;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code start}, {@code stop}, {@code restart} and {@code scale}. */
@Component
public final class LifecycleCommands implements CommandGroup {
  private static final Usage SCALE =
      new Usage(
          "scale",
          List.of("SERVICE", "N"),
          "gives a service this many instances",
          "Waits until it is done. More instances are started, those stopped or failed too; of more"
              + " than N,\nthe ones with the highest numbers drain and go. With 'scaling', N lies"
              + " between its min_instances\nand max_instances, and the scaler goes on from there.",
          List.of(),
          "scale storage 2");

  /** One of the supervisor's commands. */
  private interface Move {
    CompletionStage<List<String>> ask(String service, OptionalInt instance, String who);
  }

  private static final Usage.Option ROLLING =
      Usage.Option.flag("--rolling", "without a gap: the next process serves before one ends");

  private static final Usage RESTART =
      new Usage(
          "restart",
          List.of("SERVICE[-N]"),
          "stops a service and starts it again, one instance after the other",
          "Waits until it is done. With SERVICE, for all instances; with SERVICE-N, for one. With"
              + " --rolling, for all\nthat run: one instance more serves meanwhile where data and"
              + " addresses allow it, and each is watched before\nthe next. So hosts of an earlier"
              + " launcher.jar get processes of this one.",
          List.of(ROLLING),
          "restart identity --rolling");

  private final Supervisor supervisor;
  private final Updates updates;

  @Activate
  public LifecycleCommands(@Reference Supervisor supervisor, @Reference Updates updates) {
    this.supervisor = supervisor;
    this.updates = updates;
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
        Command.change(RESTART, this::restart),
        Command.change(SCALE, this::scale));
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
    return Command.change(usage, invocation -> run(invocation, move));
  }

  private void restart(Invocation invocation) throws InterruptedException {
    if (!invocation.arguments().has(ROLLING)) {
      run(invocation, supervisor::restart);
      return;
    }
    String name = invocation.arguments().required(0);
    Target target = Target.parse(name, supervisor.instances());
    if (target.instance().isPresent()) {
      throw invocation
          .arguments()
          .wrong(
              "a service is replaced as a whole: '" + target.service() + "', not '" + name + "'");
    }
    UpdateCommands.follow(
        invocation, progress -> updates.replace(target.service(), Invocation.WHO, progress));
  }

  private void scale(Invocation invocation) throws InterruptedException {
    String name = invocation.arguments().required(0);
    Target target = Target.parse(name, supervisor.instances());
    if (target.instance().isPresent()) {
      throw invocation
          .arguments()
          .wrong("a service is scaled as a whole: '" + target.service() + "', not '" + name + "'");
    }
    Invocation.await(supervisor.scale(target.service(), number(invocation), Invocation.WHO))
        .forEach(invocation.out()::println);
  }

  private static int number(Invocation invocation) {
    String text = invocation.arguments().required(1);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw invocation.arguments().wrong("N is a number of instances, not '" + text + "'");
    }
  }

  private void run(Invocation invocation, Move move) throws InterruptedException {
    Target target = Target.parse(invocation.arguments().required(0), supervisor.instances());
    Invocation.await(move.ask(target.service(), target.instance(), Invocation.WHO))
        .forEach(invocation.out()::println);
  }
}
