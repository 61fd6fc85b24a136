package blackhole.orchestrator.alert;

import blackhole.api.supervision.Alerts.Alert;
import blackhole.orchestrator.config.AlertRule;
import blackhole.orchestrator.plan.InstalledBundle;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Alerts in a file, which is replaced as a whole. A disk that fails costs the memory over a
 * restart, and one line in the log. Not thread-safe.
 */
public final class AlertFile {
  private static final Logger LOG = System.getLogger(AlertFile.class.getName());

  private final Path file;
  private boolean failing;

  public AlertFile(Path file) {
    this.file = file;
  }

  /**
   * Nothing when there is no file, or one that cannot be read. Rules that are no more are left out.
   */
  public Kept read() {
    try {
      JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      List<Kept.One> active = new ArrayList<>();
      List<Alert> resolved = new ArrayList<>();
      for (JsonElement each : json.getAsJsonArray("alerts")) {
        JsonObject one = each.getAsJsonObject();
        Optional<AlertRule> rule = AlertRule.of(one.get("name").getAsString());
        if (rule.isPresent() && one.has("resolved")) {
          resolved.add(resolved(rule.get(), one));
        } else if (rule.isPresent()) {
          active.add(active(rule.get(), one));
        }
      }
      Map<String, Instant> silences = new LinkedHashMap<>();
      json.getAsJsonObject("silences")
          .entrySet()
          .forEach(
              entry -> silences.put(entry.getKey(), Instant.parse(entry.getValue().getAsString())));
      return new Kept(active, resolved, silences);
    } catch (NoSuchFileException e) {
      return Kept.NOTHING;
    } catch (IOException
        | JsonParseException
        | IllegalStateException
        | NullPointerException
        | ClassCastException
        | UnsupportedOperationException
        | DateTimeException e) {
      LOG.log(Level.WARNING, "ignores " + file + ": " + e);
      return Kept.NOTHING;
    }
  }

  private static Kept.One active(AlertRule rule, JsonObject json) {
    return new Kept.One(
        new Reading.Key(rule, text(json, "service"), json.get("subject").getAsString()),
        Instant.parse(json.get("since").getAsString()),
        json.get("message").getAsString(),
        json.get("reason").getAsString(),
        json.get("told").getAsBoolean());
  }

  private static Alert resolved(AlertRule rule, JsonObject json) {
    return new Alert(
        rule.word(),
        text(json, "service"),
        json.get("subject").getAsString(),
        AlertBook.severity(rule),
        json.get("message").getAsString(),
        json.get("reason").getAsString(),
        Instant.parse(json.get("since").getAsString()),
        text(json, "resolved").map(Instant::parse),
        text(json, "silenced_until").map(Instant::parse));
  }

  private static Optional<String> text(JsonObject json, String key) {
    return Optional.ofNullable(json.get(key)).map(JsonElement::getAsString);
  }

  public void write(Kept kept) {
    JsonArray alerts = new JsonArray();
    for (Kept.One one : kept.active()) {
      JsonObject json =
          json(
              one.key().rule().word(),
              one.key().service(),
              one.key().subject(),
              one.message(),
              one.reason(),
              one.since());
      json.addProperty("told", one.told());
      alerts.add(json);
    }
    for (Alert alert : kept.resolved()) {
      JsonObject json =
          json(
              alert.name(),
              alert.service(),
              alert.subject(),
              alert.message(),
              alert.reason(),
              alert.since());
      alert.resolved().ifPresent(time -> json.addProperty("resolved", time.toString()));
      alert.silencedUntil().ifPresent(time -> json.addProperty("silenced_until", time.toString()));
      alerts.add(json);
    }
    JsonObject silences = new JsonObject();
    kept.silences().forEach((name, until) -> silences.addProperty(name, until.toString()));
    JsonObject all = new JsonObject();
    all.add("alerts", alerts);
    all.add("silences", silences);
    replace(all.toString());
  }

  private static JsonObject json(
      String name,
      Optional<String> service,
      String subject,
      String message,
      String reason,
      Instant since) {
    JsonObject json = new JsonObject();
    json.addProperty("name", name);
    service.ifPresent(text -> json.addProperty("service", text));
    json.addProperty("subject", subject);
    json.addProperty("message", message);
    json.addProperty("reason", reason);
    json.addProperty("since", since.toString());
    return json;
  }

  private void replace(String text) {
    try {
      InstalledBundle.replace(file, text + "\n");
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        failing = true;
        LOG.log(Level.WARNING, "cannot keep alerts in " + file + " over a restart", e);
      }
    }
  }
}
