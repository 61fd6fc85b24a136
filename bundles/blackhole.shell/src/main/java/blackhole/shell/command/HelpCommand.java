package blackhole.shell.command;

import blackhole.shell.text.Suggestion;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** {@code help}: which commands there are, and how one is used. */
public final class HelpCommand implements CommandGroup {
  private static final Usage USAGE =
      new Usage(
          "help",
          List.of("[COMMAND]"),
          "lists the commands, or explains one",
          List.of(),
          "help ps");

  private final CommandDirectory directory;

  public HelpCommand(CommandDirectory directory) {
    this.directory = directory;
  }

  @Override
  public List<Command> commands() {
    return List.of(new Command(USAGE, this::help));
  }

  private void help(Invocation invocation) {
    Optional<String> name = invocation.arguments().at(0);
    if (name.isEmpty()) {
      list(invocation.out());
      return;
    }
    String bare = name.get().startsWith("bh:") ? name.get().substring(3) : name.get();
    Command command =
        directory
            .find(bare)
            .orElseThrow(
                () ->
                    new CommandException(
                        "unknown command '"
                            + bare
                            + "'"
                            + Suggestion.phrase(
                                bare, directory.commands().stream().map(Command::name).toList())));
    invocation.out().print(command.usage().help());
  }

  private void list(PrintStream out) {
    List<Command> commands = directory.commands();
    int width = commands.stream().mapToInt(command -> command.name().length()).max().orElse(0);
    for (Command command : commands) {
      out.println(
          "  "
              + command.name()
              + " ".repeat(width - command.name().length() + 2)
              + command.usage().summary());
    }
    out.println();
    out.println("  'help COMMAND' explains one. Lines are Gogo: ps | grep identity");
  }
}
