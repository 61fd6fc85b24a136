package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.schema.Key;
import java.util.List;

/** Where an element of a list stands. */
final class ListPositions {
  private ListPositions() {}

  static Position of(Values values, Key<List<String>> key, String under, String element) {
    return values
        .entry(key, under)
        .flatMap(
            entry ->
                entry
                    .value()
                    .map(list -> list.indexOf(element))
                    .filter(index -> index >= 0)
                    .map(entry.elements()::get))
        .orElseGet(() -> values.position(key.at(under)));
  }
}
