package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.schema.Key;
import blackhole.orchestrator.config.schema.Scalar;
import blackhole.orchestrator.config.schema.ScalarType;
import blackhole.orchestrator.config.schema.ValueException;
import blackhole.orchestrator.config.schema.ValueSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the defaults of the schema, which are plain scalars and lists of them. The YAML parser
 * would do as well, at a tenth of a second for every cold start.
 */
record Defaults(String yaml) implements ValueSource {
  static <T> T parse(Key<T> key, String yaml) {
    T value = key.type().read(new Defaults(yaml));
    if (value == null) {
      throw new IllegalStateException("a default that is none: " + key.path());
    }
    return value;
  }

  @Override
  public boolean isList() {
    return yaml.startsWith("[");
  }

  @Override
  public <E> @Nullable E scalar(ScalarType<E> type) {
    return scalar(yaml, type);
  }

  @Override
  public <E> @Nullable List<E> list(ScalarType<E> element, String expectation) {
    List<E> values = new ArrayList<>();
    String inner = yaml.substring(1, yaml.length() - 1);
    for (String item : inner.isEmpty() ? new String[0] : inner.split(", ", -1)) {
      values.add(scalar(item, element));
    }
    return values;
  }

  private static <E> E scalar(String text, ScalarType<E> type) {
    try {
      return type.parse(
          new Scalar(Kinds.plain(YamlReader.RESOLVER.resolve(text, true)), text, text));
    } catch (ValueException e) {
      throw new IllegalStateException("a wrong default: " + e.getMessage(), e);
    }
  }
}
