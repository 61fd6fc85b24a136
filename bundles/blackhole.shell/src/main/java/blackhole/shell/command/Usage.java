package blackhole.shell.command;

import java.util.ArrayList;
import java.util.List;

/**
 * How a command is used: for the parser, the help and the completion alike.
 *
 * @param parameters as shown: {@code SERVICE}, {@code SERVICE[-N]}, {@code 'LINE'}; in brackets, as
 *     {@code [SERVICE]}, what may be left out
 * @param summary one line, without a full stop
 * @param details what else there is to say; may be empty
 * @param example a line that works
 */
public record Usage(
    String name,
    List<String> parameters,
    String summary,
    String details,
    List<Option> options,
    String example) {
  /** Prints an array of objects. */
  public static final Option JSON = Option.flag("--json", "print JSON");

  static final Option HELP = Option.flag("--help", "show this");

  /**
   * An option.
   *
   * @param argument the name of its value; empty for a flag
   */
  public record Option(String name, String argument, String description) {
    public static Option flag(String name, String description) {
      return new Option(name, "", description);
    }

    boolean takesValue() {
      return !argument.isEmpty();
    }

    String shown() {
      return takesValue() ? name + " " + argument : name;
    }
  }

  public Usage {
    parameters = List.copyOf(parameters);
    List<Option> all = new ArrayList<>(options);
    all.add(HELP);
    options = List.copyOf(all);
  }

  public Usage(
      String name, List<String> parameters, String summary, List<Option> options, String example) {
    this(name, parameters, summary, "", options, example);
  }

  int required() {
    return (int) parameters.stream().filter(parameter -> !parameter.startsWith("[")).count();
  }

  /** As in {@code logs SERVICE [-f] [-n N]}. */
  public String synopsis() {
    StringBuilder text = new StringBuilder(name);
    parameters.forEach(parameter -> text.append(' ').append(parameter));
    options.stream()
        .filter(option -> !option.equals(HELP))
        .forEach(option -> text.append(" [").append(option.shown()).append(']'));
    return text.toString();
  }

  /** All that {@code help NAME} and {@code NAME --help} print. */
  public String help() {
    StringBuilder text = new StringBuilder();
    text.append(synopsis()).append("\n\n  ").append(summary).append(".\n");
    if (!details.isEmpty()) {
      text.append("  ").append(details.replace("\n", "\n  ")).append('\n');
    }
    text.append('\n');
    int width = options.stream().mapToInt(option -> option.shown().length()).max().orElse(0);
    for (Option option : options) {
      text.append("  ").append(option.shown());
      text.append(" ".repeat(width - option.shown().length() + 2));
      text.append(option.description()).append('\n');
    }
    return text.append("\n  example: ").append(example).append('\n').toString();
  }
}
