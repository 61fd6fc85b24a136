package blackhole.orchestrator.config.schema;

import org.jspecify.annotations.Nullable;

/** What a key holds: one scalar of some kind, or a list of them. */
public interface ValueType<T> {
  /** The value, or null where {@code source} has reported that it is refused. */
  @Nullable T read(ValueSource source);

  /** What a user should write, for example "a whole number from 1 to 65535". */
  String expectation();
}
