package blackhole.telemetry;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** A component's configuration: its defaults, and what is set on top. */
final class TestConfig {
  private TestConfig() {}

  /** Keys in camelCase, each followed by its value; the value may be an exception to throw. */
  static TelemetryCore.Config with(Object... keysAndValues) {
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    Class<TelemetryCore.Config> type = TelemetryCore.Config.class;
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
