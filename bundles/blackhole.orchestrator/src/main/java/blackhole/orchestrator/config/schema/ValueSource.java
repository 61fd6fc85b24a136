package blackhole.orchestrator.config.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a {@link ValueType} reads from. Reports what it refuses by itself. */
public interface ValueSource {
  boolean isList();

  <E> @Nullable E scalar(ScalarType<E> type);

  /** Every element is read, so that all that are wrong are reported. */
  <E> @Nullable List<E> list(ScalarType<E> element, String expectation);
}
