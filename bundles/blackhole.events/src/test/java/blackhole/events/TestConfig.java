package blackhole.events;

import blackhole.testkit.ComponentConfig;

/** The component's configuration: its defaults, and what is set on top. */
final class TestConfig {
  private TestConfig() {}

  /** As {@link ComponentConfig#of}. */
  static EventsCore.Config with(Object... keysAndValues) {
    return ComponentConfig.of(EventsCore.Config.class, keysAndValues);
  }
}
