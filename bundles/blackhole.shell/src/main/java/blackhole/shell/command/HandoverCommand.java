package blackhole.shell.command;

import blackhole.api.supervision.Handover;
import blackhole.api.supervision.SupervisionException;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code leave}: the orchestrator goes, its hosts stay. */
@Component
public final class HandoverCommand implements CommandGroup {
  private static final Usage USAGE =
      new Usage(
          "leave",
          List.of(),
          "ends the orchestrator, and leaves the hosts to the next one",
          "They serve on, and the next 'run' at this home adopts them: with a newer launcher.jar,\n"
              + "for example, after which 'restart SERVICE' brings each up to it.\n"
              + "Without one they drain and exit after stale_process_timeout.\n"
              + "From outside: launcher.jar stop --keep-hosts, which waits.",
          List.of(),
          "leave");

  private final Handover handover;

  @Activate
  public HandoverCommand(@Reference Handover handover) {
    this.handover = handover;
  }

  @Override
  public List<Command> commands() {
    return List.of(Command.change(USAGE, this::leave));
  }

  private void leave(Invocation invocation) {
    try {
      handover.leaveHosts(Invocation.WHO);
    } catch (SupervisionException e) {
      throw new CommandException(String.valueOf(e.getMessage()));
    }
    invocation.out().println("the orchestrator goes; its hosts stay");
  }
}
