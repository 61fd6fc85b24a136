package blackhole.observability.alert;

import blackhole.api.supervision.Alerts;
import blackhole.api.supervision.NodeConfiguration;
import blackhole.api.supervision.NodeWarnings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Tells an Alertmanager of the node's alerts, if one is configured: when one begins or ends, and
 * each minute while there are some, as that is how it knows that they still hold. All on a thread
 * of its own.
 */
@Component(immediate = true)
public final class WebhookComponent implements NodeWarnings {
  private static final Duration AGAIN = Duration.ofMinutes(1);

  /** Before what could not be sent is sent again. */
  private static final Duration RETRY = Duration.ofSeconds(10);

  /** Three may be lost; what ended with the node is believed no longer. */
  private static final Duration HOLDS_FOR = AGAIN.multipliedBy(4);

  private final @Nullable Sending sending;

  private record Sending(
      WebhookSender sender, ScheduledExecutorService thread, AutoCloseable watch) {}

  @Activate
  public WebhookComponent(@Reference Alerts alerts, @Reference NodeConfiguration configuration) {
    sending =
        alerts
            .webhook()
            .map(
                to ->
                    begin(
                        alerts,
                        new WebhookSender(to, configuration.nodeId(), HOLDS_FOR, alerts::alerts)))
            .orElse(null);
  }

  private static Sending begin(Alerts alerts, WebhookSender sender) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread made = new Thread(task, "alert-webhook");
              made.setDaemon(true);
              return made;
            });
    var unused =
        thread.scheduleWithFixedDelay(
            () -> send(sender, thread, true), 0, AGAIN.toNanos(), TimeUnit.NANOSECONDS);
    AutoCloseable watch =
        alerts.watch(
            () -> {
              try {
                thread.execute(() -> send(sender, thread, true));
              } catch (RejectedExecutionException e) {
                // it has just been closed
              }
            });
    return new Sending(sender, thread, watch);
  }

  /** Once more soon after it failed; then it is the next minute's turn. */
  private static void send(
      WebhookSender sender, ScheduledExecutorService thread, boolean mayRetry) {
    if (!sender.send(Instant.now()) && mayRetry) {
      try {
        var unused =
            thread.schedule(
                () -> send(sender, thread, false), RETRY.toNanos(), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        // it has just been closed
      }
    }
  }

  @Deactivate
  public void deactivate() throws Exception {
    if (sending != null) {
      sending.thread().shutdownNow();
      sending.watch().close();
    }
  }

  @Override
  public List<Warning> warnings() {
    return Optional.ofNullable(sending)
        .flatMap(present -> present.sender().problem())
        .map(
            problem ->
                List.of(
                    new Warning(
                        "alerts",
                        "do not arrive at the webhook (" + problem + ")",
                        "look whether it runs, and at node.alerts.webhook; they are sent again"
                            + " each minute")))
        .orElse(List.of());
  }
}
