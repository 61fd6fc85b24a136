package blackhole.shell.gogo;

import blackhole.shell.command.Arguments;
import blackhole.shell.command.Command;
import blackhole.shell.command.Invocation;
import blackhole.shell.command.Usage;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Process;
import org.jspecify.annotations.Nullable;

/** One of our commands, as Gogo calls it. */
final class CommandFunction implements Function {
  private final Command command;

  CommandFunction(Command command) {
    this.command = command;
  }

  @Override
  public @Nullable Object execute(CommandSession session, List<Object> words) throws Exception {
    Process process = Process.Utils.current();
    // Gogo's stream encodes as the locale says; bytes that are UTF-8 already pass it unchanged.
    PrintStream out = new PrintStream(process.out(), true, StandardCharsets.UTF_8);
    Usage usage = command.usage();
    Arguments arguments = Arguments.parse(usage, words.stream().map(String::valueOf).toList());
    if (arguments.wantsHelp()) {
      out.print(usage.help());
      return null;
    }
    // What goes into a pipe is not cut to the width of a terminal it may never see, nor drawn.
    boolean toTerminal = process.isTty(1);
    command
        .action()
        .run(
            new Invocation(
                arguments,
                process.in(),
                out,
                toTerminal ? columns(session) : 0,
                toTerminal ? GogoSession.screen(session) : Optional.empty(),
                session.currentDir()));
    return null;
  }

  private static int columns(CommandSession session) {
    return session.get(GogoSession.COLUMNS) instanceof Integer columns ? columns : 0;
  }
}
