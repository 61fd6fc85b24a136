package blackhole.analytics;

import blackhole.testkit.ComponentConfig;

/** The component's configuration: its defaults, and what is set on top. */
final class TestConfig {
  private TestConfig() {}

  /** As {@link ComponentConfig#of}. */
  static AnalyticsCore.Config with(Object... keysAndValues) {
    return ComponentConfig.of(AnalyticsCore.Config.class, keysAndValues);
  }
}
