package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.schema.Key;
import blackhole.orchestrator.config.schema.Scalar;
import blackhole.orchestrator.config.schema.Scalar.Kind;
import blackhole.orchestrator.config.schema.ScalarType;
import blackhole.orchestrator.config.schema.ValueException;
import blackhole.orchestrator.config.schema.ValueSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads the value of one key from its node, and reports what is wrong with it. */
final class NodeValue implements ValueSource {
  /** Aliases repeat a list, so a small file could hold millions of elements. */
  private static final int MAX_ELEMENTS = 1000;

  private final Node node;
  private final String key;
  private final References references;
  private final Problems problems;
  private final List<String> secrets = new ArrayList<>();

  NodeValue(Node node, String key, References references, Problems problems) {
    this.node = node;
    this.key = key;
    this.references = references;
    this.problems = problems;
  }

  <T> Entry<T> read(Key<T> schema) {
    Optional<T> value = Optional.ofNullable(schema.type().read(this));
    return new Entry<>(value, yaml(), Position.of(node), elements());
  }

  /** What took the place of references in text; a number from the environment is no secret. */
  List<String> secrets() {
    return secrets;
  }

  @Override
  public boolean isList() {
    return node instanceof SequenceNode;
  }

  @Override
  public <E> @Nullable E scalar(ScalarType<E> type) {
    return scalar(node, type);
  }

  @Override
  public <E> @Nullable List<E> list(ScalarType<E> element, String expectation) {
    if (!(node instanceof SequenceNode sequence)) {
      refuse(
          node,
          isNothing(node)
              ? noValue(expectation)
              : described(node) + " is not a list, expected " + expectation);
      return null;
    }
    if (!Tags.isImplicit(node)) {
      refuse(node, Tags.refusal(node));
      return null;
    }
    int size = sequence.getValue().size();
    if (size > MAX_ELEMENTS) {
      refuse(node, "has " + size + " elements, expected at most " + MAX_ELEMENTS);
      return null;
    }
    List<E> values = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      E value = scalar(item, element);
      if (value != null) {
        values.add(value);
      }
    }
    return values.size() == size ? values : null;
  }

  private <E> @Nullable E scalar(Node from, ScalarType<E> type) {
    if (!Tags.isImplicit(from)) {
      refuse(from, Tags.refusal(from));
      return null;
    }
    if (!(from instanceof ScalarNode scalar)) {
      refuse(from, described(from) + " is not allowed here, expected " + type.expectation());
      return null;
    }
    if (isNothing(from)) {
      refuse(from, noValue(type.expectation()));
      return null;
    }
    try {
      return parse(scalar, type);
    } catch (ValueException e) {
      refuse(from, e.getMessage());
      return null;
    }
  }

  private <E> E parse(ScalarNode scalar, ScalarType<E> type) throws ValueException {
    References.Resolved resolved = references.resolve(scalar.getValue());
    Kind kind = resolved.secrets().isEmpty() ? Kinds.of(scalar) : Kind.REFERENCE;
    E value = type.parse(new Scalar(kind, resolved.text(), Quoting.shown(scalar)));
    if (value instanceof String) {
      secrets.addAll(resolved.secrets());
    }
    return value;
  }

  private void refuse(Node at, @Nullable String message) {
    problems.error(Position.of(at), key, message == null ? "is refused" : message);
  }

  private static boolean isNothing(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private static String noValue(String expectation) {
    return "has no value, expected " + expectation + " (or leave the key out)";
  }

  private static String described(Node node) {
    if (node instanceof MappingNode) {
      return "a mapping";
    }
    return node instanceof ScalarNode scalar ? Quoting.shown(scalar) : "a list";
  }

  private List<Position> elements() {
    return node instanceof SequenceNode sequence
        ? sequence.getValue().stream().map(Position::of).toList()
        : List.of();
  }

  private String yaml() {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue().stream()
          .map(item -> item instanceof ScalarNode scalar ? Quoting.yaml(scalar, true) : "…")
          .collect(Collectors.joining(", ", "[", "]"));
    }
    return node instanceof ScalarNode scalar ? Quoting.yaml(scalar, false) : "…";
  }
}
