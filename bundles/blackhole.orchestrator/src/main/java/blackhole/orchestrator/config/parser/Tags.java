package blackhole.orchestrator.config.parser;

import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Tags such as {@code !!java.net.URL}: values here have the type that they look like. */
final class Tags {
  private Tags() {}

  /** Whether the node has the tag that it would have without one. */
  static boolean isImplicit(Node node) {
    return node.getTag().equals(implicit(node));
  }

  static String refusal(Node node) {
    String tag = node.getTag().getValue();
    String shown = tag.startsWith(Tag.PREFIX) ? "!!" + tag.substring(Tag.PREFIX.length()) : tag;
    return "has the tag " + Quoting.visible(shown) + ", expected a value without a tag";
  }

  private static Tag implicit(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.isPlain() ? YamlReader.RESOLVER.resolve(scalar.getValue(), true) : Tag.STR;
    }
    return node instanceof MappingNode ? Tag.MAP : Tag.SEQ;
  }
}
