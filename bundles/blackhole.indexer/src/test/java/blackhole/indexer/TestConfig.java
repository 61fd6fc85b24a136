package blackhole.indexer;

import blackhole.testkit.ComponentConfig;

/** The component's configuration: its defaults, and what is set on top. */
final class TestConfig {
  private TestConfig() {}

  /** As {@link ComponentConfig#of}. */
  static IndexerCore.Config with(Object... keysAndValues) {
    return ComponentConfig.of(IndexerCore.Config.class, keysAndValues);
  }
}
