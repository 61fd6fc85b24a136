package blackhole.observability.alert;

import blackhole.api.supervision.Alerts.Alert;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** What {@code POST /api/v2/alerts} of Prometheus' Alertmanager takes. */
final class AlertmanagerFormat {
  private AlertmanagerFormat() {}

  /**
   * Alerts as JSON. Labels tell an alert from the others, so they are what does not change while it
   * holds.
   *
   * @param holdsFor how long what holds now is to be believed without another word
   */
  static String write(List<Alert> alerts, String nodeId, Instant now, Duration holdsFor) {
    JsonArray all = new JsonArray();
    alerts.forEach(alert -> all.add(json(alert, nodeId, now.plus(holdsFor))));
    return all.toString();
  }

  private static JsonObject json(Alert alert, String nodeId, Instant until) {
    JsonObject labels = new JsonObject();
    labels.addProperty("alertname", alert.name());
    labels.addProperty("severity", alert.severity().name().toLowerCase(Locale.ROOT));
    labels.addProperty("node", nodeId);
    labels.addProperty("subject", alert.subject());
    alert.service().ifPresent(service -> labels.addProperty("service", service));
    JsonObject annotations = new JsonObject();
    annotations.addProperty("summary", alert.message());
    annotations.addProperty("description", alert.reason());
    JsonObject json = new JsonObject();
    json.add("labels", labels);
    json.add("annotations", annotations);
    json.addProperty("startsAt", time(alert.since()));
    json.addProperty("endsAt", time(alert.resolved().orElse(until)));
    return json;
  }

  private static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
