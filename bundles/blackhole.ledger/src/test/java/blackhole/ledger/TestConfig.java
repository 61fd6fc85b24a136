package blackhole.ledger;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** A component's configuration: its defaults, and what is set on top. */
public final class TestConfig {
  private TestConfig() {}

  /** Keys in camelCase, each followed by its value; the value may be an exception to throw. */
  public static LedgerCore.Config with(Object... keysAndValues) {
    return config(put(new HashMap<>(), keysAndValues));
  }

  private static Map<String, Object> put(Map<String, Object> values, Object... keysAndValues) {
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return values;
  }

  private static LedgerCore.Config config(Map<String, Object> values) {
    Class<LedgerCore.Config> type = LedgerCore.Config.class;
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
