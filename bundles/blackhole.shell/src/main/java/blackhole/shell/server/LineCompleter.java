package blackhole.shell.server;

import blackhole.shell.command.Command;
import blackhole.shell.command.Usage;
import blackhole.shell.gogo.GogoRuntime;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes commands, then what their usage says: services, instances, commands, options. */
final class LineCompleter implements Completer {
  private final GogoRuntime runtime;
  private final Supplier<List<String>> targets;

  LineCompleter(GogoRuntime runtime, Supplier<List<String>> targets) {
    this.runtime = runtime;
    this.targets = targets;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    if (line.wordIndex() == 0) {
      commands(line.word(), candidates);
      return;
    }
    Optional<Command> command = find(line.words().get(0));
    if (command.isEmpty()) {
      return;
    }
    if (line.word().startsWith("-")) {
      options(command.get().usage(), candidates);
    } else {
      argument(command.get(), line, candidates);
    }
  }

  private Optional<Command> find(String word) {
    return runtime.find(word.startsWith("bh:") ? word.substring(3) : word);
  }

  private void commands(String word, List<Candidate> candidates) {
    for (Command command : runtime.commands()) {
      candidates.add(candidate(command.name(), command.usage().summary()));
    }
    candidates.add(candidate("exit", "leaves the shell"));
    // All the others are known by their full names, and only to who begins to type one.
    if (!word.isEmpty()) {
      runtime.names().forEach(name -> candidates.add(candidate(name, "")));
    }
  }

  private static void options(Usage usage, List<Candidate> candidates) {
    usage
        .options()
        .forEach(option -> candidates.add(candidate(option.name(), option.description())));
  }

  private void argument(Command command, ParsedLine line, List<Candidate> candidates) {
    Usage usage = command.usage();
    long index =
        line.words().subList(1, line.wordIndex()).stream()
            .filter(word -> !word.startsWith("-"))
            .count();
    String parameter = index < usage.parameters().size() ? usage.parameters().get((int) index) : "";
    List<String> words = index == 0 ? command.words().get() : List.of();
    if (!words.isEmpty()) {
      words.forEach(word -> candidates.add(candidate(word, "")));
    } else if (parameter.contains("SERVICE")) {
      targets.get().forEach(name -> candidates.add(candidate(name, "")));
    } else if (parameter.contains("COMMAND")) {
      commands("", candidates);
    }
  }

  private static Candidate candidate(String value, String description) {
    return new Candidate(
        value, value, null, description.isEmpty() ? null : description, null, null, true);
  }
}
