package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.schema.Key;
import java.util.List;
import java.util.Optional;

/** Where an element of a list stands. */
final class ListPositions {
  private ListPositions() {}

  static Position of(Values values, Key<List<String>> key, String under, String element) {
    return find(values, key, element, under).orElseGet(() -> values.position(key.at(under)));
  }

  /** Of a key that is not below names. */
  static Position of(Values values, Key<List<String>> key, String element) {
    return find(values, key, element).orElseGet(() -> values.position(key.path()));
  }

  private static Optional<Position> find(
      Values values, Key<List<String>> key, String element, String... under) {
    return values
        .entry(key, under)
        .flatMap(
            entry ->
                entry
                    .value()
                    .map(list -> list.indexOf(element))
                    .filter(index -> index >= 0)
                    .map(entry.elements()::get));
  }
}
