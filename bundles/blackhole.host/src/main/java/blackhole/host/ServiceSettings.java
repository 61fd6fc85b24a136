package blackhole.host;

import java.lang.reflect.Array;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.osgi.framework.FrameworkUtil;

/** The {@code custom:} settings of a service, as Config Admin wants them. */
final class ServiceSettings {
  private ServiceSettings() {}

  /**
   * Every key as written, and in camel case beside it, so that {@code database_pool_size} meets a
   * {@code databasePoolSize()} in a component's configuration type. A key that is written in camel
   * case already goes before one that is made so.
   */
  static Dictionary<String, Object> dictionary(Map<String, Object> custom) {
    Map<String, Object> settings = new HashMap<>();
    // Config Admin refuses keys that differ only in case
    Set<String> taken = new TreeSet<>();
    Map<String, Object> sorted = new TreeMap<>(custom);
    sorted.forEach((key, value) -> put(settings, taken, key, value));
    sorted.forEach((key, value) -> put(settings, taken, camelCase(key), value));
    return FrameworkUtil.asDictionary(settings);
  }

  private static void put(
      Map<String, Object> settings, Set<String> taken, String key, Object value) {
    if (taken.add(key.toLowerCase(Locale.ROOT))) {
      settings.put(key, value instanceof List<?> list ? array(list) : value);
    }
  }

  static String camelCase(String key) {
    StringBuilder out = new StringBuilder(key.length());
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      boolean joint =
          c == '_' && i > 0 && i + 1 < key.length() && Character.isLetterOrDigit(key.charAt(i + 1));
      out.append(joint ? Character.toUpperCase(key.charAt(++i)) : c);
    }
    return out.toString();
  }

  /** Arrays have one type: the elements' own if they agree, else text. */
  private static Object array(List<?> list) {
    Set<Class<?>> types = list.stream().map(Object::getClass).collect(Collectors.toSet());
    if (types.size() != 1) {
      return list.stream().map(String::valueOf).toArray(String[]::new);
    }
    Object array = Array.newInstance(types.iterator().next(), list.size());
    for (int i = 0; i < list.size(); i++) {
      Array.set(array, i, list.get(i));
    }
    return array;
  }
}
