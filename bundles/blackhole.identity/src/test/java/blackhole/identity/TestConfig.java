package blackhole.identity;

import blackhole.testkit.ComponentConfig;
import java.util.stream.Stream;

/** The component's configuration: its defaults, and what is set on top. */
public final class TestConfig {
  private TestConfig() {}

  /** As {@link #with}, with hashes that cost next to nothing. */
  public static IdentityCore.Config cheap(Object... keysAndValues) {
    return with(
        Stream.concat(
                Stream.of("hashMemory", 65536L, "hashIterations", 1), Stream.of(keysAndValues))
            .toArray());
  }

  /** As {@link ComponentConfig#of}. */
  public static IdentityCore.Config with(Object... keysAndValues) {
    return ComponentConfig.of(IdentityCore.Config.class, keysAndValues);
  }
}
