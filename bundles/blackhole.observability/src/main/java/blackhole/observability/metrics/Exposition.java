package blackhole.observability.metrics;

import blackhole.api.metrics.Metric;
import blackhole.observability.metrics.Families.Family;
import blackhole.observability.metrics.Families.Point;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes metrics as Prometheus reads them, by its own library. Thread-safe. */
final class Exposition {
  private static final Logger LOG = System.getLogger(Exposition.class.getName());
  private static final String TOTAL = "_total";

  private final ExpositionFormats formats = ExpositionFormats.init();
  private final Set<String> complained = ConcurrentHashMap.newKeySet();

  /**
   * The writer of a format that a reader takes: OpenMetrics, or the older text.
   *
   * @param accept the HTTP header of the request
   */
  ExpositionFormatWriter writer(@Nullable String accept) {
    // the third format, protobuf, is for native histograms, which we have none of
    return accept != null && formats.getOpenMetricsTextFormatWriter().accepts(accept)
        ? formats.getOpenMetricsTextFormatWriter()
        : formats.getPrometheusTextFormatWriter();
  }

  void write(ExpositionFormatWriter writer, Families families, OutputStream out)
      throws IOException {
    MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
    for (Family family : families.all()) {
      snapshot(family).ifPresent(snapshots::metricSnapshot);
    }
    writer.write(out, snapshots.build());
  }

  /** Empty for one whose name or labels Prometheus would not take. */
  private Optional<MetricSnapshot> snapshot(Family family) {
    Metric shape = family.shape();
    try {
      return Optional.of(
          switch (shape.type()) {
            case COUNTER ->
                new CounterSnapshot(
                    metadata(shape, TOTAL),
                    points(
                        family,
                        (point, labels) ->
                            new CounterDataPointSnapshot(
                                Math.max(0, point.series().value()), labels, null, 0)));
            case GAUGE ->
                new GaugeSnapshot(
                    metadata(shape, ""),
                    points(
                        family,
                        (point, labels) ->
                            new GaugeDataPointSnapshot(point.series().value(), labels, null)));
            case HISTOGRAM ->
                new HistogramSnapshot(
                    metadata(shape, ""),
                    points(
                        family,
                        (point, labels) ->
                            HistogramDataPointSnapshot.builder()
                                .labels(labels)
                                .sum(Math.max(0, point.series().value()))
                                .classicHistogramBuckets(buckets(shape, point))
                                .build()));
            case SUMMARY ->
                new SummarySnapshot(
                    metadata(shape, ""),
                    points(
                        family,
                        (point, labels) ->
                            SummaryDataPointSnapshot.builder()
                                .labels(labels)
                                .count(Math.max(0, point.series().counts().get(0)))
                                .sum(Math.max(0, point.series().value()))
                                .build()));
          });
    } catch (IllegalArgumentException e) {
      if (complained.add(shape.name())) {
        LOG.log(Level.WARNING, "metric {0} is left out: {1}", shape.name(), e.getMessage());
      }
      return Optional.empty();
    }
  }

  /** The library adds the ending itself. */
  private static MetricMetadata metadata(Metric shape, String ending) {
    String name =
        shape.name().endsWith(ending)
            ? shape.name().substring(0, shape.name().length() - ending.length())
            : shape.name();
    return new MetricMetadata(name, shape.help());
  }

  /** Makes a data point of a series. */
  private interface Maker<T> {
    T make(Point point, Labels labels);
  }

  private static <T> List<T> points(Family family, Maker<T> maker) {
    Function<Point, T> make =
        point -> maker.make(point, Labels.of(point.labels(), point.series().values()));
    return family.points().stream().map(make).toList();
  }

  private static ClassicHistogramBuckets buckets(Metric shape, Point point) {
    List<Double> bounds = new ArrayList<>(shape.bounds());
    bounds.add(Double.POSITIVE_INFINITY);
    return ClassicHistogramBuckets.of(
        bounds, point.series().counts().stream().map(count -> Math.max(0, count)).toList());
  }
}
