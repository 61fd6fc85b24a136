package blackhole.telemetry;

import blackhole.telemetry.history.Aggregate;
import blackhole.telemetry.history.InstanceKey;
import blackhole.telemetry.history.Range;
import blackhole.telemetry.history.Shape;
import blackhole.telemetry.v1.ExportRequest;
import blackhole.telemetry.v1.ListSeriesRequest;
import blackhole.telemetry.v1.QueryRequest;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks requests, every field of them, and fills in what they leave out. */
final class Requests {
  static final int DEFAULT_PAGE = 20;
  static final int LARGEST_PAGE = 100;
  static final int MAX_POINTS = 1000;
  private static final int MAX_METRICS = 20;
  private static final int MAX_METRIC_LENGTH = 200;
  private static final int MAX_STEP_SECONDS = 86_400;
  private static final long HOUR_MILLIS = 3_600_000;
  private static final Pattern SERVICE = Pattern.compile("[A-Za-z0-9._-]{0,200}");

  /** Where a page begins: behind this one. */
  record After(InstanceKey key, String metric) {}

  /**
   * @param metrics by name, in order
   * @param after null on the first page
   */
  record Query(
      String service,
      int instance,
      List<String> metrics,
      Range range,
      Aggregate aggregate,
      int pageSize,
      @Nullable After after) {}

  private Requests() {}

  /**
   * @throws StatusRuntimeException for a request that is not valid
   */
  static Query query(QueryRequest request, Shape shape, long nowMillis) {
    long to = request.getTo() == 0 ? nowMillis : request.getTo();
    long from = request.getFrom() == 0 ? Math.max(0, to - HOUR_MILLIS) : request.getFrom();
    Optional<After> after = after(request.getPageToken());
    Aggregate aggregate = aggregate(request);
    Check check =
        common(request.getService(), request.getPageSize())
            .that(request.getInstance() >= 0, "instance", "must not be negative")
            .that(
                request.getMetricsCount() > 0 && request.getMetricsCount() <= MAX_METRICS,
                "metrics",
                "has " + request.getMetricsCount() + " names, expected 1 to " + MAX_METRICS)
            .that(
                request.getMetricsList().stream()
                    .allMatch(name -> !name.isEmpty() && name.length() <= MAX_METRIC_LENGTH),
                "metrics",
                "has a name that is empty or longer than " + MAX_METRIC_LENGTH)
            .within("step_seconds", request.getStepSeconds(), 0, MAX_STEP_SECONDS)
            .that(aggregate != null, "aggregate", "is none of those that are known")
            .that(
                request.getPageToken().isEmpty() || after.isPresent(),
                "page_token",
                "is not the next_page_token of an answer");
    range(check, request.getFrom(), request.getTo(), from, to);
    check.passed();
    long step =
        request.getStepSeconds() == 0
            ? automaticStep(to - from, shape)
            : request.getStepSeconds() * 1000L;
    Range range = new Range(from, to, step);
    new Check()
        .that(
            range.steps() <= MAX_POINTS,
            "step_seconds",
            "makes " + range.steps() + " points of this range, expected at most " + MAX_POINTS)
        .passed();
    return new Query(
        request.getService(),
        request.getInstance(),
        List.copyOf(new TreeSet<>(request.getMetricsList())),
        range,
        aggregate == null ? Aggregate.AVERAGE : aggregate,
        pageSize(request.getPageSize()),
        after.orElse(null));
  }

  private static Check common(String service, int pageSize) {
    return new Check()
        .that(SERVICE.matcher(service).matches(), "service", "is no name that a service can have")
        .that(pageSize >= 0, "page_size", "must not be negative");
  }

  private static void range(Check check, long givenFrom, long givenTo, long from, long to) {
    check
        .that(givenFrom >= 0, "from", "must not be negative")
        .that(givenTo >= 0, "to", "must not be negative")
        .that(from < to, "from", "must be before to, which is " + to);
  }

  /** In whole seconds, and not finer than samples are taken. */
  private static long automaticStep(long millis, Shape shape) {
    long step = Math.max(shape.intervalMillis(), -Math.floorDiv(-millis, (long) MAX_POINTS));
    return -Math.floorDiv(-step, 1000L) * 1000;
  }

  private static @Nullable Aggregate aggregate(QueryRequest request) {
    return switch (request.getAggregate()) {
      case AGGREGATE_UNSPECIFIED, AVERAGE -> Aggregate.AVERAGE;
      case MINIMUM -> Aggregate.MINIMUM;
      case MAXIMUM -> Aggregate.MAXIMUM;
      case LAST -> Aggregate.LAST;
      case RATE -> Aggregate.RATE;
      case UNRECOGNIZED -> null;
    };
  }

  private static int pageSize(int requested) {
    return requested == 0 ? DEFAULT_PAGE : Math.min(LARGEST_PAGE, requested);
  }

  private static Optional<After> after(String token) {
    int slash = token.indexOf('/');
    return slash < 0
        ? Optional.empty()
        : InstanceKey.parse(token.substring(0, slash))
            .map(key -> new After(key, token.substring(slash + 1)));
  }

  static String token(InstanceKey key, String metric) {
    return key + "/" + metric;
  }

  /** What is listed of a page's request: its size, and whom it begins behind. */
  record Listing(String service, int pageSize, @Nullable InstanceKey after) {}

  /**
   * @throws StatusRuntimeException for a request that is not valid
   */
  static Listing listing(ListSeriesRequest request) {
    Optional<InstanceKey> after = InstanceKey.parse(request.getPageToken());
    common(request.getService(), request.getPageSize())
        .that(
            request.getPageToken().isEmpty() || after.isPresent(),
            "page_token",
            "is not the next_page_token of an answer")
        .passed();
    return new Listing(request.getService(), pageSize(request.getPageSize()), after.orElse(null));
  }

  /**
   * The range of an export, within what can be kept.
   *
   * @throws StatusRuntimeException for a request that is not valid
   */
  static Range export(ExportRequest request, Shape shape, long nowMillis) {
    long to = request.getTo() == 0 ? nowMillis + 1 : request.getTo();
    long oldest = Math.max(0, nowMillis - shape.retentionMillis());
    long from = Math.max(oldest, request.getFrom());
    Check check = common(request.getService(), 0);
    range(
        check,
        request.getFrom(),
        request.getTo(),
        request.getTo() == 0 ? Math.min(request.getFrom(), nowMillis) : request.getFrom(),
        to);
    check.passed();
    return new Range(from, Math.min(to, nowMillis + 1), shape.intervalMillis());
  }
}
