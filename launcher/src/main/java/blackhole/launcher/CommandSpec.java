package blackhole.launcher;

import java.util.ArrayList;
import java.util.List;

/**
 * What a command takes, for the parser and the help alike.
 *
 * @param arguments as shown, for example {@code 'LINE'}; empty if it takes none
 * @param summary one line
 * @param description what else there is to say, in lines of at most 78 characters
 */
record CommandSpec(
    String name, String arguments, String summary, String description, List<Option> options) {
  static final Option HELP = new Option("--help", "", "shows this");
  static final Option HOME =
      new Option("--home", "DIR", "the node's home; default: $BLACKHOLE_HOME, else ~/.blackhole");
  static final Option CONFIG =
      new Option(
          "--config", "FILE", "the configuration; default: HOME/blackhole.yaml, else built in");

  /**
   * An option.
   *
   * @param argument the name of its value; empty for a flag
   */
  record Option(String name, String argument, String description) {
    boolean takesValue() {
      return !argument.isEmpty();
    }

    String shown() {
      return takesValue() ? name + " " + argument : name;
    }
  }

  CommandSpec {
    List<Option> all = new ArrayList<>(options);
    all.add(HELP);
    options = List.copyOf(all);
  }

  List<String> optionNames() {
    List<String> names = new ArrayList<>();
    for (Option option : options) {
      names.add(option.name());
    }
    return names;
  }
}
