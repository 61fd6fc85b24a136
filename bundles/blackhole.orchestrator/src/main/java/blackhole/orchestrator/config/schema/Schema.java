package blackhole.orchestrator.config.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The whole table, as a list and as the tree that the file has. */
public final class Schema {
  private static final List<Key<?>> KEYS =
      Stream.of(
              NodeKeys.ALL,
              AlertKeys.ALL,
              ServiceKeys.ALL,
              RemoteKeys.ALL,
              SupervisorKeys.ALL,
              ResourcePolicyKeys.ALL)
          .<Key<?>>flatMap(List::stream)
          .toList();

  private static final Map<String, NameRule> NAMES =
      Map.of(
          ServiceKeys.SECTION,
          ServiceKeys.NAMES,
          ServiceKeys.CUSTOM_SECTION,
          ServiceKeys.CUSTOM_NAMES,
          RemoteKeys.SECTION,
          RemoteKeys.NUMBERS,
          RemoteKeys.SERVICES_SECTION,
          ServiceKeys.NAMES,
          ResourcePolicyKeys.SECTION,
          ResourcePolicyKeys.NAMES);

  private static final Set<String> LISTS = Set.of(RemoteKeys.SECTION);

  private static final Section ROOT = section("", KEYS);

  private Schema() {}

  /** Every key, in the order of the documentation. */
  public static List<Key<?>> keys() {
    return KEYS;
  }

  public static Section root() {
    return ROOT;
  }

  private static Section section(String path, List<Key<?>> keys) {
    Map<String, List<Key<?>>> byChild = new LinkedHashMap<>();
    for (Key<?> key : keys) {
      byChild.computeIfAbsent(childOf(path, key), child -> new ArrayList<>()).add(key);
    }
    Map<String, Element> children = new LinkedHashMap<>();
    byChild.forEach((name, below) -> children.put(name, element(join(path, name), below)));
    return new Section(path, children, Optional.ofNullable(NAMES.get(path)), LISTS.contains(path));
  }

  private static Element element(String path, List<Key<?>> keys) {
    return keys.get(0).path().equals(path) ? keys.get(0) : section(path, keys);
  }

  private static String childOf(String path, Key<?> key) {
    String rest = path.isEmpty() ? key.path() : key.path().substring(path.length() + 1);
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  /** The path of a child. */
  public static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
