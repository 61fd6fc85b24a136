package blackhole.orchestrator.control;

import blackhole.api.metrics.Metric;
import blackhole.control.v1.MetricSeries;
import blackhole.control.v1.MetricsReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What hosts have counted, out of the words of the control protocol. */
final class MetricMessages {
  private MetricMessages() {}

  /** Without what cannot be understood: of a type that is not known, or not of a piece. */
  static List<Metric> of(MetricsReport report) {
    List<Metric> metrics = new ArrayList<>();
    for (blackhole.control.v1.Metric message : report.getMetricsList()) {
      type(message.getType()).flatMap(type -> metric(message, type)).ifPresent(metrics::add);
    }
    return metrics;
  }

  private static Optional<Metric.Type> type(blackhole.control.v1.Metric.Type type) {
    return switch (type) {
      case COUNTER -> Optional.of(Metric.Type.COUNTER);
      case GAUGE -> Optional.of(Metric.Type.GAUGE);
      case HISTOGRAM -> Optional.of(Metric.Type.HISTOGRAM);
      case SUMMARY -> Optional.of(Metric.Type.SUMMARY);
      case TYPE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }

  private static Optional<Metric> metric(blackhole.control.v1.Metric message, Metric.Type type) {
    try {
      return Optional.of(
          new Metric(
              message.getName(),
              message.getHelp(),
              type,
              message.getLabelsList(),
              message.getBoundsList(),
              message.getSeriesList().stream().map(MetricMessages::series).toList()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Metric.Series series(MetricSeries message) {
    return new Metric.Series(message.getValuesList(), message.getValue(), message.getCountsList());
  }
}
