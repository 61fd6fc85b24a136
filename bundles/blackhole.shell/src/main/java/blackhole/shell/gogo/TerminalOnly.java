package blackhole.shell.gogo;

import blackhole.shell.command.CommandException;
import java.util.List;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.gogo.runtime.CommandProxy;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;

/** A command that draws on a terminal, and would fail in the dark without one. */
final class TerminalOnly implements Function {
  private final String name;
  private final CommandProxy command;

  TerminalOnly(Posix posix, String name) {
    this.name = name;
    this.command = new CommandProxy(posix, name);
  }

  @Override
  public Object execute(CommandSession session, List<Object> arguments) throws Exception {
    if (!GogoSession.canDraw(session)) {
      throw new CommandException(name + ": needs a terminal");
    }
    return command.execute(session, arguments);
  }
}
