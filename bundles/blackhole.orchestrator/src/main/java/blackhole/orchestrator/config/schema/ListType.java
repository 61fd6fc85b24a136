package blackhole.orchestrator.config.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list, each element of which is of one type. */
public record ListType<E>(ScalarType<E> element, String expectation) implements ValueType<List<E>> {
  @Override
  public @Nullable List<E> read(ValueSource source) {
    return source.list(element, expectation);
  }
}
