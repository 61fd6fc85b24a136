package blackhole.orchestrator.alert;

import blackhole.api.metrics.Metric;
import blackhole.api.rpc.BreakerState;
import blackhole.api.rpc.ServiceCalls;
import blackhole.api.supervision.Hosts.CallerReport;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.orchestrator.alert.Reading.Key;
import blackhole.orchestrator.alert.Reading.Level;
import blackhole.orchestrator.config.AlertConfig;
import blackhole.orchestrator.config.AlertRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The rules on what processes say of their calls, and of events. */
public final class CallRules {
  /** The service whose subscribers are meant, and what it says of them. */
  public static final String EVENTS = "events";

  private static final String LAG = "events_subscriber_lag";

  private CallRules() {}

  /**
   * Callers whose circuit is open. Nobody wonders at one to a service that is being stopped,
   * started or updated.
   */
  public static List<Reading> breakers(
      List<CallerReport> reports, List<InstanceStatus> instances, Collection<InstanceId> updating) {
    List<Reading> readings = new ArrayList<>();
    for (CallerReport report : reports) {
      for (ServiceCalls calls : report.calls()) {
        readings.add(
            new Reading(
                new Key(AlertRule.BREAKER_OPEN, Optional.of(calls.service()), report.caller()),
                breaker(calls, instances, updating),
                report.caller() + " does not call " + calls.service() + ": its circuit is open",
                calls.failures()
                    + " of its last calls failed; "
                    + calls.refusedByBreaker()
                    + " were refused since its start"));
      }
    }
    return readings;
  }

  private static Level breaker(
      ServiceCalls calls, List<InstanceStatus> instances, Collection<InstanceId> updating) {
    List<InstanceStatus> called =
        instances.stream().filter(one -> one.id().service().equals(calls.service())).toList();
    boolean stopped =
        !called.isEmpty() && called.stream().allMatch(one -> one.state() == InstanceState.STOPPED);
    if (calls.breaker() == BreakerState.CLOSED || stopped) {
      return Level.GOOD;
    }
    boolean moving =
        called.stream()
            .anyMatch(
                one ->
                    one.state() == InstanceState.STARTING
                        || one.state() == InstanceState.DRAINING
                        || updating.contains(one.id()));
    return moving ? Level.HELD : Level.BAD;
  }

  /**
   * Subscribers that are far behind; with half of it to go before they are not.
   *
   * @param metrics of the event stream's process
   */
  public static List<Reading> eventLag(List<Metric> metrics, AlertConfig config) {
    List<Reading> readings = new ArrayList<>();
    for (Metric metric : metrics) {
      if (metric.name().equals(LAG) && metric.labels().size() == 1) {
        for (Metric.Series series : metric.series()) {
          readings.add(eventLag(series.values().get(0), (long) series.value(), config.eventLag()));
        }
      }
    }
    return readings;
  }

  private static Reading eventLag(String subscriber, long lag, int threshold) {
    Level level = lag > threshold ? Level.BAD : 2 * lag <= threshold ? Level.GOOD : Level.BETWEEN;
    return new Reading(
        new Key(AlertRule.EVENT_LAG, Optional.of(EVENTS), subscriber),
        level,
        "subscriber '" + subscriber + "' is far behind",
        lag + " events are yet to come (threshold " + threshold + ")");
  }
}
