package blackhole.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the command.
 *
 * @param only the benchmarks to run; all where it is empty
 * @param rounds empty for those of each benchmark
 * @param soak how long there is load in {@code soak}; empty for as long as the mode says
 * @param results the file to write; empty for the usual one
 */
record Options(
    boolean isShort,
    OptionalInt rounds,
    Optional<Duration> soak,
    Optional<Path> results,
    List<String> only) {
  Options {
    only = List.copyOf(only);
  }

  /**
   * @param known the names of benchmarks
   * @throws IllegalArgumentException in words
   */
  static Options parse(List<String> arguments, List<String> known) {
    boolean isShort = false;
    OptionalInt rounds = OptionalInt.empty();
    Optional<Duration> soak = Optional.empty();
    Optional<Path> results = Optional.empty();
    List<String> only = new ArrayList<>();
    Deque<String> left = new ArrayDeque<>(arguments);
    while (!left.isEmpty()) {
      String argument = left.remove();
      switch (argument) {
        case "--short" -> isShort = true;
        case "--full" -> isShort = false;
        case "--rounds" -> rounds = OptionalInt.of(number(argument, left.poll()));
        case "--minutes" -> soak = Optional.of(Duration.ofMinutes(number(argument, left.poll())));
        case "--results" -> results = Optional.of(Path.of(value(argument, left.poll())));
        default -> {
          if (known.contains(argument)) {
            only.add(argument);
          } else if (argument.matches("[0-9]+")) {
            rounds = OptionalInt.of(number("ROUNDS", argument));
          } else {
            throw new IllegalArgumentException(
                "there is no " + argument + "; there is " + String.join(", ", known));
          }
        }
      }
    }
    return new Options(isShort, rounds, soak, results, only);
  }

  private static String value(String option, @Nullable String given) {
    if (given == null) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return given;
  }

  private static int number(String option, @Nullable String given) {
    String text = value(option, given);
    if (!text.matches("[1-9][0-9]{0,5}")) {
      throw new IllegalArgumentException(option + " is a number from 1 on, not " + text);
    }
    return Integer.parseInt(text);
  }

  boolean wants(String benchmark) {
    return only.isEmpty() || only.contains(benchmark);
  }
}
