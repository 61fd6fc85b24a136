package blackhole.observability.metrics;

import blackhole.api.metrics.Metric;
import blackhole.api.supervision.FailureKind;
import blackhole.api.supervision.InstanceDetails;
import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the supervisor knows of one instance, as metrics. */
final class InstanceMetrics {
  private InstanceMetrics() {}

  static List<Metric> of(InstanceDetails details) {
    InstanceStatus status = details.status();
    List<Metric> metrics = new ArrayList<>();
    metrics.add(state(status.state()));
    metrics.add(health(status.health()));
    metrics.add(
        Metric.counter(
                "blackhole_instance_starts_total",
                "Processes that were to be started, since the orchestrator's start.")
            .with(details.counts().starts())
            .build());
    metrics.add(
        Metric.counter(
                "blackhole_instance_restarts_total",
                "Starts after an end that nobody had asked for.")
            .with(status.restarts())
            .build());
    metrics.add(exits(details.counts()));
    if (status.pid().isPresent() && status.started().isPresent() && status.uptime().isPresent()) {
      metrics.addAll(
          ProcessMetrics.identity(
              status.pid().getAsLong(), status.started().get(), status.uptime().get()));
    }
    return metrics;
  }

  static Metric gauge(String name, String help, double value) {
    return Metric.gauge(name, help).with(value).build();
  }

  private static Metric state(InstanceState present) {
    Metric.Builder metric =
        Metric.gauge(
            "blackhole_instance_state",
            "1 for the state that the instance is in, 0 for the others.",
            "state");
    for (InstanceState state : InstanceState.values()) {
      metric.with(state == present ? 1 : 0, word(state));
    }
    return metric.build();
  }

  private static Metric health(InstanceHealth present) {
    Metric.Builder metric =
        Metric.gauge(
            "blackhole_instance_health",
            "1 for the health that the instance has, 0 for the others.",
            "health");
    for (InstanceHealth health : InstanceHealth.values()) {
      metric.with(health == present ? 1 : 0, word(health));
    }
    return metric.build();
  }

  /** All causes are there from the beginning: what appears with 1 is no increase to Prometheus. */
  private static Metric exits(InstanceDetails.Counts counts) {
    Metric.Builder metric =
        Metric.counter(
            "blackhole_instance_exits_total",
            "Ends of processes by their cause, since the orchestrator's start; stopped is the one"
                + " that somebody asked for.",
            "cause");
    metric.with(counts.stops(), "stopped");
    for (FailureKind kind : FailureKind.values()) {
      metric.with(counts.failures().getOrDefault(kind, 0L), word(kind));
    }
    return metric.build();
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
