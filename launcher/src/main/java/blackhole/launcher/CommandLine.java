package blackhole.launcher;

import blackhole.shell.text.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A command line, taken apart by what its command takes. */
final class CommandLine {
  private final CommandSpec command;
  private final Map<String, String> options = new HashMap<>();
  private final List<String> arguments = new ArrayList<>();

  private CommandLine(CommandSpec command) {
    this.command = command;
  }

  /**
   * Reads what follows the command's name: {@code --name value}, {@code --name=value}, {@code
   * --flag} and arguments in any order; {@code --} ends the options.
   *
   * @throws LauncherException with code 2
   */
  static CommandLine parse(CommandSpec command, List<String> words) {
    CommandLine line = new CommandLine(command);
    int i = 0;
    boolean options = true;
    while (i < words.size()) {
      String word = words.get(i++);
      if (options && word.equals("--")) {
        options = false;
      } else if (options && word.startsWith("-") && word.length() > 1) {
        if (line.option(word, i < words.size() ? words.get(i) : null)) {
          i++;
        }
      } else {
        line.arguments.add(word);
      }
    }
    return line;
  }

  /** True if it used up the next word. */
  private boolean option(String word, @Nullable String next) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    CommandSpec.Option option = find(name.equals("-h") ? "--help" : name);
    if (!option.takesValue()) {
      if (equals >= 0) {
        throw wrong("option " + name + " takes no value");
      }
      options.put(option.name(), "");
      return false;
    }
    String value = equals >= 0 ? word.substring(equals + 1) : next;
    if (value == null || value.isEmpty()) {
      throw wrong("option " + name + " needs a value: " + option.shown());
    }
    options.put(option.name(), value);
    return equals < 0;
  }

  private CommandSpec.Option find(String name) {
    for (CommandSpec.Option option : command.options()) {
      if (option.name().equals(name)) {
        return option;
      }
    }
    throw wrong(
        "'"
            + command.name()
            + "' has no option "
            + name
            + Suggestion.phrase(name, command.optionNames()));
  }

  private LauncherException wrong(String message) {
    return LauncherException.usage(message, Help.hint(command));
  }

  CommandSpec command() {
    return command;
  }

  boolean has(CommandSpec.Option option) {
    return options.containsKey(option.name());
  }

  @Nullable String value(CommandSpec.Option option) {
    return options.get(option.name());
  }

  /** The arguments; there must be none. */
  void noArguments() {
    if (!arguments.isEmpty()) {
      throw wrong("'" + command.name() + "' takes no argument '" + arguments.get(0) + "'");
    }
  }

  /** The only argument. */
  String onlyArgument(String missing, String tooMany) {
    if (arguments.isEmpty()) {
      throw wrong(missing);
    }
    if (arguments.size() > 1) {
      throw wrong(tooMany);
    }
    return arguments.get(0);
  }

  List<String> arguments() {
    return arguments;
  }
}
