package blackhole.host;

import blackhole.api.metrics.Metric;
import blackhole.control.v1.MetricSeries;
import blackhole.control.v1.MetricsReport;
import java.util.List;

/** What this host has counted, in the words of the control protocol. */
final class MetricMessages {
  private MetricMessages() {}

  static MetricsReport report(long id, List<Metric> metrics) {
    MetricsReport.Builder report = MetricsReport.newBuilder().setId(id);
    metrics.forEach(metric -> report.addMetrics(message(metric)));
    return report.build();
  }

  private static blackhole.control.v1.Metric message(Metric metric) {
    blackhole.control.v1.Metric.Builder message =
        blackhole.control.v1.Metric.newBuilder()
            .setName(metric.name())
            .setHelp(metric.help())
            .setType(
                switch (metric.type()) {
                  case COUNTER -> blackhole.control.v1.Metric.Type.COUNTER;
                  case GAUGE -> blackhole.control.v1.Metric.Type.GAUGE;
                  case HISTOGRAM -> blackhole.control.v1.Metric.Type.HISTOGRAM;
                  case SUMMARY -> blackhole.control.v1.Metric.Type.SUMMARY;
                })
            .addAllLabels(metric.labels())
            .addAllBounds(metric.bounds());
    metric
        .series()
        .forEach(
            series ->
                message.addSeries(
                    MetricSeries.newBuilder()
                        .addAllValues(series.values())
                        .setValue(series.value())
                        .addAllCounts(series.counts())));
    return message.build();
  }
}
