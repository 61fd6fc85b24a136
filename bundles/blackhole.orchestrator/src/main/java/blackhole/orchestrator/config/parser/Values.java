package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.schema.Key;
import blackhole.orchestrator.config.schema.NameRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What stands in a file, by full key; and the defaults of what doesn't. */
final class Values {
  private final Map<String, Entry<?>> entries = new LinkedHashMap<>();
  private final Map<String, Position> sections = new LinkedHashMap<>();
  private final Map<String, List<String>> names = new LinkedHashMap<>();

  void put(String path, Entry<?> entry) {
    entries.put(path, entry);
  }

  void putSection(String path, Position position) {
    sections.put(path, position);
  }

  /** Adds a name that a user gave in a section. */
  void putName(String section, String name) {
    names.computeIfAbsent(section, any -> new ArrayList<>()).add(name);
  }

  boolean hasSection(String path) {
    return sections.containsKey(path);
  }

  /** The names in a section, in the order of the file; the rule's own if it is left out. */
  List<String> names(String section, Optional<NameRule> rule) {
    if (hasSection(section) || rule.isEmpty()) {
      return List.copyOf(names.getOrDefault(section, List.of()));
    }
    return rule.get().defaults();
  }

  List<String> names(String section) {
    return names(section, Optional.empty());
  }

  /** The value or its default; empty if it has none. What was refused has its default too. */
  <T> Optional<T> find(Key<T> key, String... under) {
    return entry(key, under)
        .flatMap(Entry::value)
        .or(() -> key.defaultAt(under).map(yaml -> Defaults.parse(key, yaml)));
  }

  /** The value of a key that has a default. */
  <T> T get(Key<T> key, String... under) {
    return find(key, under).orElseThrow();
  }

  /** What stands in the file, if anything does. */
  <T> Optional<Entry<T>> entry(Key<T> key, String... under) {
    // only Checker puts entries, each under its key's own path, with its key's type
    @SuppressWarnings("unchecked")
    Entry<T> entry = (Entry<T>) entries.get(key.at(under));
    return Optional.ofNullable(entry);
  }

  boolean isSet(Key<?> key, String... under) {
    return entries.containsKey(key.at(under));
  }

  /** Whether it is there and refused, so that nothing more should be said about it. */
  boolean isRefused(Key<?> key, String... under) {
    Entry<?> entry = entries.get(key.at(under));
    return entry != null && entry.value().isEmpty();
  }

  /** Where a key stands, or else the innermost section around it that does. */
  Position position(String path) {
    @Nullable Entry<?> entry = entries.get(path);
    if (entry != null) {
      return entry.position();
    }
    for (String around = path; !around.isEmpty(); around = parent(around)) {
      Position position = sections.get(around);
      if (position != null) {
        return position;
      }
    }
    return Position.START;
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('.')));
  }
}
