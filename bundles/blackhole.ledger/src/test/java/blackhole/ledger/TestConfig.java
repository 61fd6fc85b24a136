package blackhole.ledger;

import blackhole.testkit.ComponentConfig;

/** The component's configuration: its defaults, and what is set on top. */
public final class TestConfig {
  private TestConfig() {}

  /** As {@link ComponentConfig#of}. */
  public static LedgerCore.Config with(Object... keysAndValues) {
    return ComponentConfig.of(LedgerCore.Config.class, keysAndValues);
  }
}
