package blackhole.orchestrator.config.parser;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with one file. Not thread-safe. */
final class Problems {
  private static final Comparator<Problem> BY_POSITION =
      Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

  private final String file;
  private final List<Problem> errors = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  Problems(String file) {
    this.file = file;
  }

  String file() {
    return file;
  }

  void error(Position position, String key, String message) {
    errors.add(problem(position, key, message));
  }

  void warning(Position position, String key, String message) {
    warnings.add(problem(position, key, message));
  }

  private Problem problem(Position position, String key, String message) {
    return new Problem(file, position.line(), position.column(), Quoting.visible(key), message);
  }

  /** In the order of the file. */
  List<Problem> errors() {
    return errors.stream().sorted(BY_POSITION).toList();
  }

  /** In the order of the file. */
  List<Problem> warnings() {
    return warnings.stream().sorted(BY_POSITION).toList();
  }
}
