package blackhole.orchestrator.config.schema;

import org.jspecify.annotations.Nullable;

/** A type whose value is a single scalar. */
public interface ScalarType<T> extends ValueType<T> {
  T parse(Scalar scalar) throws ValueException;

  @Override
  default @Nullable T read(ValueSource source) {
    return source.scalar(this);
  }
}
