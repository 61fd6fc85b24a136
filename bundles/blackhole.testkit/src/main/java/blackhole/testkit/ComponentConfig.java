package blackhole.testkit;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The configuration of a Declarative Services component, without Declarative Services: a component
 * property type's defaults, and what a test sets on top.
 */
public final class ComponentConfig {
  private ComponentConfig() {}

  /**
   * @param type an annotation, each of whose elements has a default or is set here
   * @param keysAndValues names of elements, as in the type (camelCase), each followed by its value,
   *     which may be an exception to throw, as Declarative Services do for what can't be converted
   * @throws IllegalArgumentException for a name that the type does not have
   */
  public static <T> T of(Class<T> type, Object... keysAndValues) {
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      String name = (String) keysAndValues[i];
      if (Arrays.stream(type.getDeclaredMethods()).map(Method::getName).noneMatch(name::equals)) {
        throw new IllegalArgumentException(type.getName() + " has no " + name);
      }
      values.put(name, keysAndValues[i + 1]);
    }
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object value = values.getOrDefault(method.getName(), method.getDefaultValue());
              if (value instanceof RuntimeException failure) {
                throw failure;
              }
              return value;
            }));
  }
}
