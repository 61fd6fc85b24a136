package blackhole.shell.command;

import blackhole.shell.text.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was typed after a command's name, taken apart by its {@link Usage}. */
public final class Arguments {
  private final Usage usage;
  private final List<String> words;
  private final Map<String, List<String>> options = new HashMap<>();
  private final List<String> positional = new ArrayList<>();

  private Arguments(Usage usage, List<String> words) {
    this.usage = usage;
    this.words = List.copyOf(words);
  }

  /**
   * Options and arguments in any order; {@code --} ends the options.
   *
   * @throws CommandException when they don't fit the usage; not for {@code --help}, which excuses
   *     all else
   */
  public static Arguments parse(Usage usage, List<String> words) {
    Arguments arguments = new Arguments(usage, words);
    boolean options = true;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (options && word.equals("--")) {
        options = false;
      } else if (options && word.startsWith("-") && word.length() > 1) {
        i += arguments.option(word, words.subList(i + 1, words.size()));
      } else {
        arguments.positional.add(word);
      }
    }
    if (!arguments.has(Usage.HELP)) {
      arguments.checkCount();
    }
    return arguments;
  }

  /** The number of following words that it used up. */
  private int option(String word, List<String> rest) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    Usage.Option option =
        usage.options().stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(() -> unknown(name));
    if (!option.takesValue()) {
      if (equals >= 0) {
        throw wrong("option " + name + " takes no value");
      }
      put(name, "");
      return 0;
    }
    if (equals < 0 && rest.isEmpty()) {
      throw wrong("option " + option.shown() + " needs a value");
    }
    put(name, equals >= 0 ? word.substring(equals + 1) : rest.get(0));
    return equals >= 0 ? 0 : 1;
  }

  private void put(String name, String value) {
    options.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
  }

  private void checkCount() {
    if (positional.size() < usage.required()) {
      throw wrong(usage.parameters().get(positional.size()) + " is missing");
    }
    if (positional.size() > usage.parameters().size()) {
      throw wrong("too many arguments, from '" + positional.get(usage.parameters().size()) + "'");
    }
  }

  private CommandException unknown(String name) {
    List<String> names = usage.options().stream().map(Usage.Option::name).toList();
    return wrong("unknown option " + name + Suggestion.phrase(name, names));
  }

  /** What is wrong with how the command was used, and how it is used. */
  public CommandException wrong(String message) {
    return new CommandException(
        usage.name()
            + ": "
            + message
            + (message.endsWith("?") ? "" : ";")
            + " usage: "
            + usage.synopsis());
  }

  /** As they were typed. */
  public List<String> words() {
    return words;
  }

  public boolean has(Usage.Option option) {
    return options.containsKey(option.name());
  }

  public boolean wantsHelp() {
    return has(Usage.HELP);
  }

  public boolean json() {
    return has(Usage.JSON);
  }

  /** All values of an option that may be given several times, in their order. */
  public List<String> values(Usage.Option option) {
    return List.copyOf(options.getOrDefault(option.name(), List.of()));
  }

  /** The value of an option; the last one, if it was given several times. */
  public Optional<String> value(Usage.Option option) {
    List<String> values = values(option);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1));
  }

  /** The value of an option that takes a whole number, at least {@code min}. */
  public int number(Usage.Option option, int min, int absent) {
    Optional<String> given = value(option);
    if (given.isEmpty()) {
      return absent;
    }
    String text = given.get();
    try {
      int value = Integer.parseInt(text);
      if (value >= min) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw wrong(
        "option " + option.shown() + " takes a number of at least " + min + ", not '" + text + "'");
  }

  /** The argument at this place, if there is one. */
  public Optional<String> at(int index) {
    return index < positional.size() ? Optional.of(positional.get(index)) : Optional.empty();
  }

  /** The argument at a place that the usage requires. */
  public String required(int index) {
    return positional.get(index);
  }
}
