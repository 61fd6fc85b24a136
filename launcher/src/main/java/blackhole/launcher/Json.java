package blackhole.launcher;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A value of JSON, read by the parser of YAML, whose subset it is: the launcher carries no other.
 * What is not there is empty.
 *
 * @param text as it was written; empty for a part
 */
record Json(@Nullable Object value, String text) {
  static Json parse(String text) {
    try {
      return new Json(new Load(LoadSettings.builder().build()).loadFromString(text), text.strip());
    } catch (YamlEngineException e) {
      throw LauncherException.failed("the node printed what is no JSON: " + text);
    }
  }

  /** An object; names and values in turn, and values that are texts. */
  static String object(String... namesAndTexts) {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      json.append(i == 0 ? "" : ", ").append(quote(namesAndTexts[i])).append(": ");
      json.append(quote(namesAndTexts[i + 1]));
    }
    return json.append('}').toString();
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  Json get(String name) {
    return new Json(value instanceof Map<?, ?> map ? map.get(name) : null, "");
  }

  List<Json> list() {
    return value instanceof List<?> list
        ? list.stream().map(each -> new Json(each, "")).toList()
        : List.of();
  }

  /** A text or a number, as a text. */
  String string() {
    return Objects.toString(value, "");
  }

  /** A number, or a text that is one, as 64-bit integers are written; 0 when it is neither. */
  long number() {
    if (value instanceof Number number) {
      return number.longValue();
    }
    try {
      return Long.parseLong(string());
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
