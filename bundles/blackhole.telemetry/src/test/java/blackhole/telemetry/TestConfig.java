package blackhole.telemetry;

import blackhole.testkit.ComponentConfig;

/** The component's configuration: its defaults, and what is set on top. */
final class TestConfig {
  private TestConfig() {}

  /** As {@link ComponentConfig#of}. */
  static TelemetryCore.Config with(Object... keysAndValues) {
    return ComponentConfig.of(TelemetryCore.Config.class, keysAndValues);
  }
}
