package blackhole.orchestrator.alert;

import blackhole.api.supervision.Alerts.Alert;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What outlives the orchestrator.
 *
 * @param resolved the newest first
 * @param silences until when, by what they silence
 */
public record Kept(List<One> active, List<Alert> resolved, Map<String, Instant> silences) {
  public static final Kept NOTHING = new Kept(List.of(), List.of(), Map.of());

  public Kept {
    active = List.copyOf(active);
    resolved = List.copyOf(resolved);
    silences = Map.copyOf(silences);
  }

  /**
   * An alert that holds.
   *
   * @param told whether somebody knows of it
   */
  public record One(Reading.Key key, Instant since, String message, String reason, boolean told) {}
}
