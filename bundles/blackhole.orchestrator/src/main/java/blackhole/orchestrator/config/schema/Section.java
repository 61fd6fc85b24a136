package blackhole.orchestrator.config.schema;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A mapping: either of known children, or, where users give the names, of one kind of child. Or a
 * list of one kind of child, whose names are their numbers from 0.
 *
 * @param children by name; only {@code *} where users give the names, and in a list
 * @param names which names users may give; empty where the children are known
 * @param list whether it is written as a list, without the names
 */
public record Section(
    String path, Map<String, Element> children, Optional<NameRule> names, boolean list)
    implements Element {
  /** What a child's name in the schema is when users choose it. */
  public static final String ANY = "*";

  public Section {
    children = Collections.unmodifiableMap(new LinkedHashMap<>(children));
  }

  /** What may stand under this name. */
  public Optional<Element> child(String name) {
    return Optional.ofNullable(children.get(names.isPresent() ? ANY : name));
  }

  /** A key of this last name further down, for those who put it one level too high. */
  public Optional<String> deeper(String name) {
    for (Map.Entry<String, Element> child : children.entrySet()) {
      if (child.getValue() instanceof Section section && section.names().isEmpty()) {
        Optional<String> found =
            section.children().containsKey(name) ? Optional.of(name) : section.deeper(name);
        if (found.isPresent()) {
          return found.map(rest -> child.getKey() + "." + rest);
        }
      }
    }
    return Optional.empty();
  }

  /** The names of its children, for a message. */
  public String listing() {
    return children.keySet().stream().collect(Collectors.joining(", "));
  }
}
