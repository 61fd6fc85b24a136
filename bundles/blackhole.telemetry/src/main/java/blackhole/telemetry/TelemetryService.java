package blackhole.telemetry;

import blackhole.api.service.HealthReport;
import blackhole.api.service.HealthReporter;
import blackhole.api.service.HostInfo;
import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import blackhole.telemetry.history.InstanceKey;
import blackhole.telemetry.history.Range;
import blackhole.telemetry.v1.ExportRequest;
import blackhole.telemetry.v1.InstanceSeries;
import blackhole.telemetry.v1.ListSeriesRequest;
import blackhole.telemetry.v1.ListSeriesResponse;
import blackhole.telemetry.v1.Point;
import blackhole.telemetry.v1.QueryRequest;
import blackhole.telemetry.v1.QueryResponse;
import blackhole.telemetry.v1.Sample;
import blackhole.telemetry.v1.Series;
import blackhole.telemetry.v1.TelemetryGrpc;
import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The gRPC face: takes requests apart, and puts answers together. Methods block, for files. */
@Component(service = BindableService.class)
public final class TelemetryService extends TelemetryGrpc.TelemetryImplBase {
  private final TelemetryCore core;
  private final HostInfo host;
  private final HealthReporter health;

  @Activate
  public TelemetryService(
      @Reference TelemetryCore core, @Reference HostInfo host, @Reference HealthReporter health) {
    this.core = core;
    this.host = host;
    this.health = health;
  }

  @Override
  public void query(QueryRequest request, StreamObserver<QueryResponse> observer) {
    answer(observer, () -> query(request));
  }

  /** A page's token is the last series of the page before. */
  private QueryResponse query(QueryRequest request) throws IOException {
    Requests.Query query = Requests.query(request, core.history().shape(), core.clock().millis());
    Range range = query.range();
    QueryResponse.Builder response =
        QueryResponse.newBuilder()
            .setFrom(range.from())
            .setTo(range.to())
            .setStepSeconds((int) (range.stepMillis() / 1000));
    for (Map.Entry<InstanceKey, Set<String>> entry :
        core.history().metrics(query.service()).entrySet()) {
      InstanceKey key = entry.getKey();
      if (query.instance() != 0 && query.instance() != key.instance()) {
        continue;
      }
      for (String metric : query.metrics()) {
        if (!entry.getValue().contains(metric) || !isBehind(query.after(), key, metric)) {
          continue;
        }
        if (response.getSeriesCount() == query.pageSize()) {
          Series last = response.getSeries(query.pageSize() - 1);
          return response
              .setNextPageToken(
                  Requests.token(
                      new InstanceKey(last.getService(), last.getInstance()), last.getMetric()))
              .build();
        }
        response.addSeries(series(key, metric, query));
      }
    }
    return response.build();
  }

  private static boolean isBehind(Requests.@Nullable After after, InstanceKey key, String metric) {
    if (after == null) {
      return true;
    }
    int order = key.compareTo(after.key());
    return order > 0 || (order == 0 && metric.compareTo(after.metric()) > 0);
  }

  private Series series(InstanceKey key, String metric, Requests.Query query) throws IOException {
    Series.Builder series =
        Series.newBuilder().setService(key.service()).setInstance(key.instance()).setMetric(metric);
    core.history()
        .series(key, metric, query.range(), query.aggregate())
        .forEach(
            point ->
                series.addPoints(
                    Point.newBuilder().setTime(point.timeMillis()).setValue(point.value())));
    return series.build();
  }

  @Override
  public void listSeries(ListSeriesRequest request, StreamObserver<ListSeriesResponse> observer) {
    answer(observer, () -> listSeries(request));
  }

  private ListSeriesResponse listSeries(ListSeriesRequest request) {
    Requests.Listing listing = Requests.listing(request);
    ListSeriesResponse.Builder response = ListSeriesResponse.newBuilder();
    InstanceKey last = null;
    for (Map.Entry<InstanceKey, Set<String>> entry :
        core.history().metrics(listing.service()).entrySet()) {
      InstanceKey key = entry.getKey();
      if (listing.after() != null && key.compareTo(listing.after()) <= 0) {
        continue;
      }
      if (last != null && response.getInstancesCount() == listing.pageSize()) {
        return response.setNextPageToken(last.toString()).build();
      }
      last = key;
      response.addInstances(
          InstanceSeries.newBuilder()
              .setService(key.service())
              .setInstance(key.instance())
              .addAllMetrics(entry.getValue()));
    }
    return response.build();
  }

  @Override
  public void export(ExportRequest request, StreamObserver<Sample> observer) {
    try {
      Range range = Requests.export(request, core.history().shape(), core.clock().millis());
      new ExportCall(
              core.history(),
              request.getService(),
              range,
              (ServerCallStreamObserver<Sample>) observer)
          .start();
    } catch (RuntimeException e) {
      observer.onError(Statuses.of(e));
    }
  }

  @Override
  public void health(HealthRequest request, StreamObserver<HealthResponse> observer) {
    answer(
        observer,
        () -> {
          String name = request.getService();
          if (!name.isEmpty()
              && !name.equals(host.service())
              && !name.equals(TelemetryGrpc.SERVICE_NAME)) {
            throw Status.NOT_FOUND
                .withDescription("no service '" + name + "' here, only '" + host.service() + "'")
                .asRuntimeException();
          }
          return message(health.report());
        });
  }

  private static HealthResponse message(HealthReport report) {
    return HealthResponse.newBuilder()
        .setStatus(report.status().name().toLowerCase(Locale.ROOT))
        .setMessage(report.message())
        .setUptimeSeconds(report.uptime().toSeconds())
        .putAllMetrics(report.metrics())
        .build();
  }

  private interface Answer<T> {
    T make() throws IOException;
  }

  private static <T> void answer(StreamObserver<T> observer, Answer<T> answer) {
    // lets an answer that comes too late pass without an exception
    ((ServerCallStreamObserver<T>) observer).setOnCancelHandler(() -> {});
    T message;
    try {
      message = answer.make();
    } catch (IOException | RuntimeException e) {
      observer.onError(Statuses.of(e));
      return;
    }
    observer.onNext(message);
    observer.onCompleted();
  }
}
