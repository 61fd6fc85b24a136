package blackhole.orchestrator.event;

import blackhole.api.supervision.Alerts.Alert;
import blackhole.events.v1.Event;
import blackhole.orchestrator.supervision.Journal;
import com.google.protobuf.Any;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The platform's events. Their data is a {@code google.protobuf.Struct}, which every subscriber can
 * read without a schema of ours; each key is always there, null where there is nothing to say. They
 * have no id yet.
 */
public final class PlatformEvents {
  /** Whose events they are. */
  static final String SOURCE = "node";

  private PlatformEvents() {}

  /** {@code instance.ready} and so on; {@code instance.noted} when the state is what it was. */
  static Event of(Journal.Entry entry) {
    String type = entry.from() == entry.to() ? "noted" : entry.to().name().toLowerCase(Locale.ROOT);
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("service", entry.id().service());
    data.put("instance", entry.id().instance());
    data.put("from", entry.from().name());
    data.put("to", entry.to().name());
    said(data, entry.cause(), entry.who(), entry.warning());
    return of("instance." + type, entry.time(), data);
  }

  /** {@code service.scaling} and so on. */
  static Event of(Journal.Decision decision) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("service", decision.service());
    said(data, decision.words(), decision.who(), decision.warning());
    return of("service." + decision.topic().word(), decision.time(), data);
  }

  /** {@code node.noted}: something that concerns no service. */
  static Event noted(Instant time, String words, String who) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    said(data, words, who, false);
    return of("node.noted", time, data);
  }

  /** {@code alert.raised} and {@code alert.resolved}. */
  public static Event of(Alert alert, Instant time) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("service", alert.service().orElse(null));
    data.put("severity", alert.severity().name().toLowerCase(Locale.ROOT));
    data.put("name", alert.name());
    data.put("message", alert.message());
    data.put("reason", alert.reason());
    data.put("since", alert.since().toString());
    data.put("resolved", alert.resolved().map(Instant::toString).orElse(null));
    return of(alert.resolved().isEmpty() ? "alert.raised" : "alert.resolved", time, data);
  }

  private static void said(
      Map<String, @Nullable Object> data, String cause, String who, boolean warning) {
    data.put("cause", cause);
    data.put("who", who);
    data.put("warning", warning);
  }

  /**
   * Any event of the platform.
   *
   * @param data texts, numbers, booleans and nulls
   */
  public static Event of(String type, Instant time, Map<String, ? extends @Nullable Object> data) {
    Struct.Builder struct = Struct.newBuilder();
    data.forEach((key, value) -> struct.putFields(key, value(value)));
    return Event.newBuilder()
        .setType(type)
        .setSource(SOURCE)
        .setTimestamp(time.toEpochMilli())
        .setData(Any.pack(struct.build()))
        .build();
  }

  private static Value value(@Nullable Object value) {
    Value.Builder made = Value.newBuilder();
    if (value instanceof Boolean flag) {
      made.setBoolValue(flag);
    } else if (value instanceof Number number) {
      made.setNumberValue(number.doubleValue());
    } else if (value == null) {
      made.setNullValue(NullValue.NULL_VALUE);
    } else {
      made.setStringValue(value.toString());
    }
    return made.build();
  }
}
