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
  private final Map<String, List<String>> options = new HashMap<>();
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
      put(option, "");
      return false;
    }
    String value = equals >= 0 ? word.substring(equals + 1) : next;
    if (value == null || value.isEmpty()) {
      throw wrong("option " + name + " needs a value: " + option.shown());
    }
    put(option, value);
    return equals < 0;
  }

  private void put(CommandSpec.Option option, String value) {
    options.computeIfAbsent(option.name(), unused -> new ArrayList<>()).add(value);
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

  /** The last value of an option; null when it was not given. */
  @Nullable String value(CommandSpec.Option option) {
    List<String> values = values(option);
    return values.isEmpty() ? null : values.get(values.size() - 1);
  }

  /** All values of an option that may be given several times, in their order. */
  List<String> values(CommandSpec.Option option) {
    return options.getOrDefault(option.name(), List.of());
  }

  /** The arguments; there must be none. */
  void noArguments() {
    if (!arguments.isEmpty()) {
      throw wrong("'" + command.name() + "' takes no argument '" + arguments.get(0) + "'");
    }
  }

  /** The only argument. */
  String onlyArgument(String missing, String tooMany) {
    return arguments(1, 1, missing, tooMany).get(0);
  }

  /** The arguments, of which there must be so many. */
  List<String> arguments(int least, int most, String missing, String tooMany) {
    if (arguments.size() < least) {
      throw wrong(missing);
    }
    if (arguments.size() > most) {
      throw wrong(tooMany);
    }
    return arguments;
  }

  List<String> arguments() {
    return arguments;
  }
}
