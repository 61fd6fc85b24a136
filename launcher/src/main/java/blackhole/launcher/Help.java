package blackhole.launcher;

import java.util.List;

/** What {@code help} and {@code --help} print. */
final class Help {
  static final String PROGRAM = "java -jar launcher.jar";

  private Help() {}

  static String hint(CommandSpec command) {
    return "see: " + PROGRAM + " " + command.name() + " --help";
  }

  static String overview(List<CommandSpec> commands) {
    StringBuilder text = new StringBuilder();
    text.append("Blackhole runs services, each in a process of its own, and looks after them.\n\n");
    text.append("usage: ").append(PROGRAM).append(" [COMMAND] [OPTIONS] [ARGUMENTS]\n\n");
    for (CommandSpec command : commands) {
      row(text, command.name() + " " + command.arguments(), command.summary());
    }
    text.append("\nEach command has --help. Without a command, it is 'run'.\n");
    text.append(
        """
        Exit codes: 0 done, 1 the command failed, 2 wrong usage or configuration,
        3 no node runs at this home, 4 the home is in use.
        """);
    return text.toString();
  }

  static String of(CommandSpec command) {
    StringBuilder text = new StringBuilder();
    text.append("usage: ").append(PROGRAM).append(' ').append(command.name());
    text.append(" [OPTIONS]");
    if (!command.arguments().isEmpty()) {
      text.append(' ').append(command.arguments());
    }
    text.append("\n\n").append(command.summary()).append('\n');
    if (!command.description().isEmpty()) {
      text.append('\n').append(command.description()).append('\n');
    }
    text.append('\n');
    for (CommandSpec.Option option : command.options()) {
      row(text, option.shown(), option.description());
    }
    return text.toString();
  }

  private static void row(StringBuilder text, String left, String right) {
    text.append("  ").append(left);
    for (int i = left.length(); i < 18; i++) {
      text.append(' ');
    }
    text.append("  ").append(right).append('\n');
  }
}
