package blackhole.orchestrator.config.parser;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * From text to a tree of nodes that know where they stand. Nothing is constructed from it, so no
 * tag can make an object.
 */
final class YamlReader {
  /** Without merge keys, which YAML 1.2 does not have. */
  static final ScalarResolver RESOLVER = new CoreScalarResolver(false);

  private static final int MAX_DEPTH = 32;
  private static final int MAX_ALIASES = 50;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setSchema(
              new CoreSchema() {
                @Override
                public ScalarResolver getScalarResolver() {
                  return RESOLVER;
                }
              })
          // duplicate and odd keys are found by the checker, which can name both places
          .setAllowDuplicateKeys(true)
          .setAllowNonScalarKeys(true)
          .setMaxAliasesForCollections(MAX_ALIASES)
          .build();

  private YamlReader() {}

  /** The root; empty if the file is empty or there is an error. */
  static Optional<Node> read(String text, Problems problems) {
    try {
      return hasSoundEvents(text, problems)
          ? new Compose(SETTINGS).composeString(text)
          : Optional.empty();
    } catch (MarkedYamlEngineException e) {
      SyntaxMessages.report(e, problems);
    } catch (YamlEngineException e) {
      problems.error(Position.START, "syntax", SyntaxMessages.UNKNOWN);
    }
    return Optional.empty();
  }

  /** Composing recurses, so what is nested too deeply has to be found before. */
  private static boolean hasSoundEvents(String text, Problems problems) {
    int depth = 0;
    int documents = 0;
    int aliases = 0;
    for (Event event : new Parse(SETTINGS).parseString(text)) {
      Position position = event.getStartMark().map(Position::of).orElse(Position.START);
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        case DocumentStart -> documents++;
        case Alias -> aliases++;
        default -> {}
      }
      if (depth > MAX_DEPTH) {
        problems.error(
            position, "syntax", "is nested too deeply, expected at most " + MAX_DEPTH + " levels");
        return false;
      }
      if (documents > 1) {
        problems.error(
            position, "syntax", "a second document starts here, expected one document a file");
        return false;
      }
      if (aliases > MAX_ALIASES) {
        problems.error(
            position, "syntax", "is one alias too many, expected at most " + MAX_ALIASES);
        return false;
      }
    }
    return true;
  }
}
