package blackhole.events;

import blackhole.api.metrics.Metric;
import blackhole.api.metrics.MetricSource;
import blackhole.events.stream.EventStream;
import blackhole.events.stream.SubscriberState;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * How far subscribers are behind, and what they missed. Groups have names, and there are only so
 * many; the others come and go, and are one.
 */
@Component
public final class SubscriberMetrics implements MetricSource {
  private static final String SINGLE = "without group";

  private final EventsCore core;

  @Activate
  public SubscriberMetrics(@Reference EventsCore core) {
    this.core = core;
  }

  @Override
  public List<Metric> metrics() {
    return of(core.stream());
  }

  static List<Metric> of(EventStream stream) {
    Metric.Builder lag =
        Metric.gauge(
            "events_subscriber_lag",
            "Events that a group is behind the newest; of those without a group, the most that one"
                + " is.",
            "subscriber");
    Metric.Builder dropped =
        Metric.counter(
            "events_subscriber_dropped_total",
            "Events that a subscriber was not sent, because too many waited.",
            "subscriber");
    long most = 0;
    for (SubscriberState state : stream.subscriberStates()) {
      if (state.group()) {
        lag.with(state.lag(), state.name());
        dropped.with(state.dropped(), state.name());
      } else {
        most = Math.max(most, state.lag());
      }
    }
    lag.with(most, SINGLE);
    dropped.with(stream.droppedBySingle(), SINGLE);
    return List.of(lag.build(), dropped.build());
  }
}
