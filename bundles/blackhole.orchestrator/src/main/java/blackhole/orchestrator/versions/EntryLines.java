package blackhole.orchestrator.versions;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** An entry as a line of JSON, and back. */
final class EntryLines {
  private EntryLines() {}

  static String line(Entry entry) {
    JsonObject json = new JsonObject();
    entry.version().ifPresent(version -> json.addProperty("version", version));
    entry.sha256().ifPresent(sha256 -> json.addProperty("sha256", sha256));
    json.addProperty("installed", entry.installed().toString());
    json.addProperty("by", entry.by());
    entry.mode().ifPresent(mode -> json.addProperty("mode", mode));
    json.addProperty("outcome", entry.standing().name());
    json.addProperty("message", entry.message());
    return json.toString();
  }

  /** Empty when the line is none. */
  static Optional<Entry> parse(String line) {
    try {
      JsonObject json = JsonParser.parseString(line).getAsJsonObject();
      return Optional.of(
          new Entry(
              text(json, "version"),
              text(json, "sha256"),
              Instant.parse(json.get("installed").getAsString()),
              json.get("by").getAsString(),
              text(json, "mode"),
              Entry.Standing.valueOf(json.get("outcome").getAsString()),
              json.get("message").getAsString()));
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | UnsupportedOperationException
        | NullPointerException
        | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(JsonObject json, String key) {
    return Optional.ofNullable(json.get(key)).map(JsonElement::getAsString);
  }
}
