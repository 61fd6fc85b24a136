package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.schema.Scalar.Kind;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** From YAML's tags to what the schema knows. */
final class Kinds {
  private Kinds() {}

  static Kind of(ScalarNode scalar) {
    return scalar.isPlain() ? plain(scalar.getTag()) : Kind.QUOTED_TEXT;
  }

  /** Of a scalar without quotes. */
  static Kind plain(Tag tag) {
    if (tag.equals(Tag.INT)) {
      return Kind.INTEGER;
    }
    if (tag.equals(Tag.FLOAT)) {
      return Kind.DECIMAL;
    }
    if (tag.equals(Tag.NULL)) {
      return Kind.NOTHING;
    }
    return tag.equals(Tag.BOOL) ? Kind.FLAG : Kind.PLAIN_TEXT;
  }
}
