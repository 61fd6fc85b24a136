package blackhole.orchestrator.config.parser;

import java.util.Locale;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Text of the file in messages and in listings. */
final class Quoting {
  private static final int MAX_SHOWN = 120;
  private static final Pattern NEEDS_QUOTES_IN_LIST = Pattern.compile("[,\\[\\]{}]");

  private Quoting() {}

  /** Without anything that a terminal would act on, and not too long. */
  static String visible(String text) {
    StringBuilder visible = new StringBuilder();
    text.codePoints().limit(MAX_SHOWN).forEach(c -> append(visible, c));
    return text.codePointCount(0, text.length()) > MAX_SHOWN
        ? visible.append('…').toString()
        : visible.toString();
  }

  /** A value as its author wrote it, for a message. */
  static String shown(ScalarNode node) {
    return node.isPlain() ? visible(node.getValue()) : '"' + visible(node.getValue()) + '"';
  }

  /** A value as it would stand in YAML, on one line. */
  static String yaml(ScalarNode node, boolean inList) {
    String text = node.getValue();
    boolean plain = node.isPlain() && !(inList && NEEDS_QUOTES_IN_LIST.matcher(text).find());
    if (plain) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\');
              }
              append(quoted, c);
            });
    return quoted.append('"').toString();
  }

  private static void append(StringBuilder to, int codePoint) {
    int type = Character.getType(codePoint);
    boolean invisible =
        type == Character.CONTROL
            || type == Character.FORMAT
            || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR
            || type == Character.SURROGATE;
    if (invisible) {
      to.append(String.format(Locale.ROOT, codePoint > 0xffff ? "\\U%08x" : "\\u%04x", codePoint));
    } else {
      to.appendCodePoint(codePoint);
    }
  }
}
