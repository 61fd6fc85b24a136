package blackhole.indexer.document;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Reads the values out of a JSON document, without building it up. Used by one thread, once.
 *
 * <p>The text has a line for each value, its name and the value; those of an array share one. It is
 * thus never much longer than the document, which lines with whole paths could be.
 */
final class JsonDocument {
  /** What is nested deeper is no document that anybody wrote; it is indexed as text. */
  private static final int MAX_DEPTH = 100;

  /** A longer path is cut off here. */
  private static final int MAX_PATH_CHARS = 200;

  /** Those that follow are in the text alone, so that paths don't take more memory than texts. */
  private static final int MAX_VALUES = 10_000;

  private final List<JsonValue> values = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  /** Of what is open, the innermost first. */
  private final Deque<String> paths = new ArrayDeque<>();

  private String path = "";
  private String name = "";
  private boolean begun;

  private JsonDocument() {}

  /**
   * @return empty if it is no JSON object or array as RFC 8259 has it
   */
  static Optional<Content> read(String source) {
    String start = source.stripLeading();
    if (!start.startsWith("{") && !start.startsWith("[")) {
      return Optional.empty();
    }
    JsonDocument document = new JsonDocument();
    try (JsonReader json = new JsonReader(new StringReader(source))) {
      json.setStrictness(Strictness.STRICT);
      json.setNestingLimit(MAX_DEPTH);
      do {
        document.next(json);
      } while (!document.paths.isEmpty());
      return json.peek() == JsonToken.END_DOCUMENT
          ? Optional.of(new Content(Kind.JSON, document.text.toString(), document.values))
          : Optional.empty();
    } catch (MalformedJsonException | EOFException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("a string is no file", e);
    }
  }

  private void next(JsonReader json) throws IOException {
    switch (json.peek()) {
      case BEGIN_OBJECT -> {
        json.beginObject();
        paths.push(path);
      }
      case BEGIN_ARRAY -> {
        json.beginArray();
        paths.push(path);
      }
      case END_OBJECT -> {
        json.endObject();
        leave();
      }
      case END_ARRAY -> {
        json.endArray();
        leave();
      }
      case NAME -> enter(json.nextName());
      case STRING, NUMBER -> value(json.nextString());
      case BOOLEAN -> value(Boolean.toString(json.nextBoolean()));
      case NULL -> json.nextNull();
      case END_DOCUMENT -> throw new EOFException();
    }
  }

  private void enter(String child) {
    String parent = paths.element();
    String whole = parent.isEmpty() ? child : parent + "." + child;
    path = whole.length() <= MAX_PATH_CHARS ? whole : whole.substring(0, MAX_PATH_CHARS);
    name = child;
    begun = false;
  }

  private void leave() {
    path = paths.pop();
    begun = false;
    name = "";
  }

  private void value(String value) {
    if (values.size() < MAX_VALUES) {
      values.add(new JsonValue(path, value));
    }
    if (begun) {
      text.append(", ");
    } else {
      text.append(text.length() == 0 ? "" : "\n").append(name).append(name.isEmpty() ? "" : ": ");
      begun = true;
    }
    text.append(value);
  }
}
