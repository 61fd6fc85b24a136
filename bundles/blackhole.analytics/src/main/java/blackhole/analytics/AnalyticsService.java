package blackhole.analytics;

import blackhole.analytics.count.Ranked;
import blackhole.analytics.count.Totals;
import blackhole.analytics.store.Analytics;
import blackhole.analytics.store.Summary;
import blackhole.analytics.store.Within;
import blackhole.analytics.v1.AnalyticsGrpc;
import blackhole.analytics.v1.Item;
import blackhole.analytics.v1.Kind;
import blackhole.analytics.v1.Measure;
import blackhole.analytics.v1.Quantile;
import blackhole.analytics.v1.QueryRequest;
import blackhole.analytics.v1.QueryResponse;
import blackhole.analytics.v1.TopRequest;
import blackhole.analytics.v1.TopResponse;
import blackhole.analytics.v1.TypeSummary;
import blackhole.api.service.HealthReport;
import blackhole.api.service.HealthReporter;
import blackhole.api.service.HostInfo;
import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The gRPC face: takes requests apart, and puts answers together. Methods block, for the store. */
@Component(service = BindableService.class)
public final class AnalyticsService extends AnalyticsGrpc.AnalyticsImplBase {
  /** How long a call may wait that has no deadline of its own. */
  private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(30);

  private final AnalyticsCore core;
  private final HostInfo host;
  private final HealthReporter health;

  @Activate
  public AnalyticsService(
      @Reference AnalyticsCore core, @Reference HostInfo host, @Reference HealthReporter health) {
    this.core = core;
    this.host = host;
    this.health = health;
  }

  @Override
  public void query(QueryRequest request, StreamObserver<QueryResponse> observer) {
    answer(observer, () -> query(request));
  }

  /** A page's token is the start of its first window. */
  private QueryResponse query(QueryRequest request) {
    Analytics analytics = core.analytics();
    Requests.Query query = Requests.query(request, analytics.clock().millis());
    QueryResponse.Builder response = QueryResponse.newBuilder();
    if (request.getWholeRange()) {
      analytics
          .whole(query.question(), patience())
          .ifPresent(whole -> response.addWindows(message(whole, query.quantiles())));
      return response.build();
    }
    List<Summary> windows = analytics.windows(query.question(), query.pageSize() + 1, patience());
    if (windows.size() > query.pageSize()) {
      response.setNextPageToken(Long.toString(windows.get(query.pageSize()).start()));
    }
    windows.stream()
        .limit(query.pageSize())
        .forEach(window -> response.addWindows(message(window, query.quantiles())));
    return response.build();
  }

  @Override
  public void top(TopRequest request, StreamObserver<TopResponse> observer) {
    answer(observer, () -> top(request));
  }

  private TopResponse top(TopRequest request) {
    Analytics analytics = core.analytics();
    Requests.Top top = Requests.top(request, analytics.clock().millis());
    if (top.of() == Kind.TYPES) {
      return topTypes(analytics.types(top.question(), patience()), top);
    }
    TopResponse.Builder response = TopResponse.newBuilder();
    analytics.whole(top.question(), patience()).stream()
        .flatMap(whole -> top(whole.totals(), top).stream())
        .forEach(
            ranked ->
                response.addItems(
                    Item.newBuilder()
                        .setName(ranked.name())
                        .setCount(ranked.count())
                        .setOvercount(ranked.overcount())));
    return response.build();
  }

  private static List<Ranked> top(Totals totals, Requests.Top top) {
    return top.of() == Kind.SOURCES
        ? totals.topSources(top.limit())
        : totals.topSubjects(top.limit());
  }

  private static TopResponse topTypes(Map<String, Summary> summaries, Requests.Top top) {
    List<Map.Entry<String, Summary>> types = new ArrayList<>(summaries.entrySet());
    types.sort(
        Comparator.<Map.Entry<String, Summary>>comparingLong(
                entry -> -measure(top.by(), entry.getValue().totals()))
            .thenComparing(Map.Entry::getKey));
    TopResponse.Builder response = TopResponse.newBuilder();
    types.stream()
        .limit(top.limit())
        .forEach(
            entry ->
                response.addTypes(
                    TypeSummary.newBuilder()
                        .setType(entry.getKey())
                        .setSummary(message(entry.getValue(), Requests.QUANTILES))));
    return response.build();
  }

  private static long measure(Measure by, Totals totals) {
    return switch (by) {
      case BYTES -> totals.bytes();
      case DISTINCT_SOURCES -> totals.distinctSources();
      case DISTINCT_SUBJECTS -> totals.distinctSubjects();
      case COUNT, MEASURE_UNSPECIFIED, UNRECOGNIZED -> totals.count();
    };
  }

  private static blackhole.analytics.v1.Summary message(Summary summary, List<Double> ranks) {
    Totals totals = summary.totals();
    return blackhole.analytics.v1.Summary.newBuilder()
        .setStart(summary.start())
        .setCount(totals.count())
        .setBytes(totals.bytes())
        .setDistinctSources(totals.distinctSources())
        .setDistinctSubjects(totals.distinctSubjects())
        .addAllSizes(quantiles(ranks, totals.sizes(ranks)))
        .addAllValues(quantiles(ranks, totals.values(ranks)))
        .build();
  }

  private static List<Quantile> quantiles(List<Double> ranks, List<Double> values) {
    List<Quantile> quantiles = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      quantiles.add(Quantile.newBuilder().setRank(ranks.get(i)).setValue(values.get(i)).build());
    }
    return quantiles;
  }

  @Override
  public void health(HealthRequest request, StreamObserver<HealthResponse> observer) {
    answer(
        observer,
        () -> {
          String name = request.getService();
          if (!name.isEmpty()
              && !name.equals(host.service())
              && !name.equals(AnalyticsGrpc.SERVICE_NAME)) {
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

  /** A call's deadline, bounded, and while its caller is still there. */
  private static Within patience() {
    Context context = Context.current();
    Deadline deadline = context.getDeadline();
    long limit = DEFAULT_LIMIT.toNanos();
    if (deadline != null) {
      limit = Math.min(limit, deadline.timeRemaining(TimeUnit.NANOSECONDS));
    }
    return Within.of(Duration.ofNanos(Math.max(0, limit)), context::isCancelled);
  }

  private static <T> void answer(StreamObserver<T> observer, Supplier<T> answer) {
    // lets an answer that comes too late pass without an exception
    ((ServerCallStreamObserver<T>) observer).setOnCancelHandler(() -> {});
    T message;
    try {
      message = answer.get();
    } catch (RuntimeException e) {
      observer.onError(Statuses.of(e));
      return;
    }
    observer.onNext(message);
    observer.onCompleted();
  }
}
