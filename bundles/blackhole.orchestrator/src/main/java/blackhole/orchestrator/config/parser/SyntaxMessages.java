package blackhole.orchestrator.config.parser;

import java.util.List;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** What the YAML parser complains about, in words for people who write files, not parsers. */
final class SyntaxMessages {
  static final String UNKNOWN = "is not valid YAML, expected lines of \"key: value\"";

  private static final String REFERENCE =
      "a reference between braces or brackets, expected quotes around it (\"${env:NAME}\")";

  /** {@code CONTEXT} stands for the line where the unfinished thing begins. */
  private static final String CONTEXT = "{line}";

  private static final List<Rule> RULES =
      List.of(
          new Rule("", "character '\\t", "a tab is used as white space, expected spaces"),
          new Rule(
              "",
              "cannot start any token",
              "a value can't start with this character, expected quotes around it"),
          new Rule(
              "",
              "mapping values are not allowed here",
              "a \":\" where there can be none, expected one \"key: value\" a line, indented like"
                  + " its neighbours, and quotes around text that holds \": \""),
          new Rule(
              "",
              "could not find expected ':'",
              "a line without \":\" (it begins on line {line}), expected \"key: value\""),
          new Rule(
              "flow sequence",
              "expected ',' or ']'",
              "the list that opens on line {line} goes on here, expected \",\" or \"]\""),
          new Rule(
              "flow mapping",
              "expected ',' or '}'",
              "the mapping that opens on line {line} goes on here, expected \",\" or \"}\""),
          new Rule(
              "quoted scalar",
              "unexpected end of stream",
              "the text in quotes that begins on line {line} never ends, expected a closing quote"),
          new Rule(
              "block collection",
              "expected <block end>",
              "does not belong to the list that begins on line {line}, expected its next \"- \" or"
                  + " the indentation of a key above it"),
          new Rule(
              "block mapping",
              "expected <block end>",
              "does not belong to the mapping that begins on line {line}, expected its next"
                  + " \"key: value\" with the same indentation"),
          new Rule(
              "",
              "expected '<document start>'",
              "is indented less than the first line, expected the same indentation"),
          new Rule("", "expected the node content", "a value is missing here, expected one"),
          new Rule(
              "",
              "unknown escape character",
              "is no escape sequence of double-quoted text, expected \\\\ for a backslash, or single"
                  + " quotes"),
          new Rule(
              "",
              "undefined alias",
              "an alias of something that is not defined before it, expected an anchor (&name)"),
          new Rule(
              "block scalar", "", "is no block of text, expected \"|\" or \">\" and a line break"),
          new Rule(
              "", "tag handle", "uses a tag that is not defined, expected a value without a tag"),
          new Rule("directive", "", "is no directive of YAML 1.2, expected none"));

  private SyntaxMessages() {}

  static void report(MarkedYamlEngineException e, Problems problems) {
    String context = e.getContext() == null ? "" : e.getContext();
    String problem = e.getProblem() == null ? "" : e.getProblem();
    if (e.getProblemMark().filter(SyntaxMessages::isReference).isPresent()) {
      problems.error(Position.of(e.getProblemMark().orElseThrow()), "syntax", REFERENCE);
      return;
    }
    Position position = e.getProblemMark().map(Position::of).orElse(Position.START);
    String message =
        RULES.stream()
            .filter(rule -> context.contains(rule.context) && problem.contains(rule.problem))
            .findFirst()
            .map(rule -> rule.words)
            .orElse(UNKNOWN);
    int line = e.getContextMark().map(Mark::getLine).orElse(position.line() - 1) + 1;
    problems.error(position, "syntax", message.replace(CONTEXT, Integer.toString(line)));
  }

  /** Inside of braces and brackets, {@code ${env:NAME}} begins a mapping. */
  private static boolean isReference(Mark mark) {
    int[] buffer = mark.getBuffer();
    int at = mark.getPointer();
    return at > 0 && at < buffer.length && buffer[at - 1] == '$' && buffer[at] == '{';
  }

  private record Rule(String context, String problem, String words) {}
}
