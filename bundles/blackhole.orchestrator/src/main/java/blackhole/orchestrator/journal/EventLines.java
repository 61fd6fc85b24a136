package blackhole.orchestrator.journal;

import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.StateHistory.Event;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** An event as a line of JSON, and back. */
final class EventLines {
  private EventLines() {}

  static String line(Event event) {
    JsonObject json = new JsonObject();
    json.addProperty("time", event.time().toString());
    event.service().ifPresent(service -> json.addProperty("service", service));
    event.instance().ifPresent(instance -> json.addProperty("instance", instance));
    event.from().ifPresent(state -> json.addProperty("from", state.name()));
    event.to().ifPresent(state -> json.addProperty("to", state.name()));
    json.addProperty("cause", event.cause());
    json.addProperty("who", event.who());
    json.addProperty("warning", event.warning());
    return json.toString();
  }

  /** Empty when the line is no event, as the last one of a process that was killed may be. */
  static Optional<Event> parse(String line) {
    try {
      JsonObject json = JsonParser.parseString(line).getAsJsonObject();
      @Nullable JsonElement instance = json.get("instance");
      return Optional.of(
          new Event(
              Instant.parse(json.get("time").getAsString()),
              text(json, "service"),
              instance == null ? OptionalInt.empty() : OptionalInt.of(instance.getAsInt()),
              text(json, "from").map(InstanceState::valueOf),
              text(json, "to").map(InstanceState::valueOf),
              json.get("cause").getAsString(),
              json.get("who").getAsString(),
              json.get("warning").getAsBoolean()));
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
