package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.schema.Element;
import blackhole.orchestrator.config.schema.Key;
import blackhole.orchestrator.config.schema.NameRule;
import blackhole.orchestrator.config.schema.Schema;
import blackhole.orchestrator.config.schema.Section;
import blackhole.orchestrator.config.schema.Suggestions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Holds a tree of nodes against the schema: each key and each value for itself. */
final class Checker {
  private final References references;
  private final Problems problems;
  private final List<String> secrets = new ArrayList<>();

  Checker(References references, Problems problems) {
    this.references = references;
    this.problems = problems;
  }

  Values check(Node root) {
    Values values = new Values();
    section(root, Schema.root(), "", Position.of(root), values);
    return values;
  }

  Secrets secrets() {
    return new Secrets(secrets);
  }

  private void section(Node node, Section section, String path, Position at, Values values) {
    values.putSection(path, at);
    if (node.getTag().equals(Tag.NULL) && Tags.isImplicit(node)) {
      return; // "identity:" says as much as "identity: {}"
    }
    String key = path.isEmpty() ? "file" : path;
    if (!Tags.isImplicit(node)) {
      problems.error(Position.of(node), key, Tags.refusal(node));
    } else if (section.list()) {
      items(node, section, path, values);
    } else if (node instanceof MappingNode mapping) {
      children(mapping, section, path, values);
    } else {
      problems.error(Position.of(node), key, noMapping(node, section));
    }
  }

  private void items(Node node, Section section, String path, Values values) {
    if (!(node instanceof SequenceNode sequence)) {
      String what = node instanceof ScalarNode scalar ? Quoting.shown(scalar) : "a mapping";
      problems.error(
          Position.of(node),
          path,
          what + " is not a list, expected an element a line, after \"- \"");
      return;
    }
    for (int i = 0; i < sequence.getValue().size(); i++) {
      Node item = sequence.getValue().get(i);
      child(item, section, path, Integer.toString(i), Position.of(item), values);
    }
  }

  private static String noMapping(Node node, Section section) {
    String what = node instanceof ScalarNode scalar ? Quoting.shown(scalar) : "a list";
    return section
        .names()
        .map(rule -> what + " is not a mapping, expected names with a value each")
        .orElseGet(() -> what + " is not a mapping, expected the keys " + section.listing());
  }

  private void children(MappingNode mapping, Section section, String path, Values values) {
    Map<String, Position> seen = new HashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Position at = Position.of(tuple.getKeyNode());
      String name = name(tuple.getKeyNode(), path);
      if (name == null) {
        continue;
      }
      Position first = seen.putIfAbsent(name, at);
      if (first == null) {
        child(tuple.getValueNode(), section, path, name, at, values);
      } else {
        problems.error(
            at,
            Schema.join(path, name),
            "is there twice, first on line " + first.line() + ", expected once");
      }
    }
  }

  private @Nullable String name(Node key, String path) {
    if (key instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    problems.error(
        Position.of(key),
        path.isEmpty() ? "file" : path,
        "a key is a list or a mapping, expected a name");
    return null;
  }

  private void child(
      Node node, Section section, String path, String name, Position at, Values values) {
    String full = Schema.join(path, name);
    Optional<Element> element = section.child(name);
    if (element.isEmpty()) {
      problems.error(at, full, unknown(section, name));
      return;
    }
    Values into = values;
    Optional<NameRule> wrong = section.names().filter(rule -> !rule.allows(name));
    if (wrong.isPresent()) {
      problems.error(
          at,
          full,
          '"'
              + Quoting.visible(name)
              + "\" can't be a name here, expected "
              + wrong.get().expectation());
      into = new Values(); // its own values are still checked, but it takes part in nothing
    } else if (section.names().isPresent()) {
      values.putName(path, name);
    }
    if (element.get() instanceof Section inner) {
      section(node, inner, full, at, into);
    } else if (element.get() instanceof Key<?> key) {
      NodeValue value = new NodeValue(node, full, references, problems);
      into.put(full, value.read(key));
      secrets.addAll(value.secrets());
    }
  }

  private static String unknown(Section section, String name) {
    if (name.equals("<<")) {
      return "merge keys are not part of YAML 1.2, expected the keys themselves";
    }
    Optional<String> meant =
        section.deeper(name).or(() -> Suggestions.closest(name, section.children().keySet()));
    return "unknown key, "
        + meant
            .map(word -> "did you mean " + word + "?")
            .orElseGet(() -> "expected one of: " + section.listing());
  }
}
