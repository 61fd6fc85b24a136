package blackhole.observability.alert;

import blackhole.api.supervision.Alerts.Alert;
import blackhole.observability.http.JsonPost;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells a receiver what holds and what was resolved lately: all of it each time, so that nothing is
 * lost with a request that is, and there is no queue. What was told twice is one alert to the
 * receiver. Not thread-safe but for {@link #problem}; {@link #send} blocks.
 */
final class WebhookSender {
  /** As Prometheus does it: a receiver that was away may have missed the first times. */
  static final Duration RESOLVED_FOR = Duration.ofMinutes(15);

  private static final Logger LOG = System.getLogger(WebhookSender.class.getName());

  private final URI to;
  private final String nodeId;
  private final Duration holdsFor;
  private final Supplier<List<Alert>> alerts;
  private volatile @Nullable String problem;

  /**
   * @param holdsFor how long a receiver is to believe in an alert without another word
   * @param alerts as they are now, with those resolved lately
   */
  WebhookSender(URI to, String nodeId, Duration holdsFor, Supplier<List<Alert>> alerts) {
    this.to = to;
    this.nodeId = nodeId;
    this.holdsFor = holdsFor;
    this.alerts = alerts;
  }

  /** Why alerts do not arrive; empty when they do. */
  Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /**
   * Nothing is sent when there is nothing to tell.
   *
   * @return whether it arrived
   */
  boolean send(Instant now) {
    try {
      List<Alert> told =
          alerts.get().stream()
              .filter(alert -> alert.silencedUntil().isEmpty())
              .filter(alert -> alert.resolved().orElse(now).isAfter(now.minus(RESOLVED_FOR)))
              .toList();
      if (told.isEmpty()) {
        return true;
      }
      JsonPost.send(to, AlertmanagerFormat.write(told, nodeId, now, holdsFor));
      if (problem != null) {
        problem = null;
        LOG.log(Level.INFO, "alerts are sent to {0} again", to);
      }
      return true;
    } catch (IOException | RuntimeException e) {
      if (problem == null) {
        LOG.log(Level.WARNING, "alerts cannot be sent to {0}: {1}", to, e.toString());
      }
      problem = e.toString();
      return false;
    }
  }
}
