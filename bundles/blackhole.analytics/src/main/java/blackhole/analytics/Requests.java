package blackhole.analytics;

import blackhole.analytics.count.TypePattern;
import blackhole.analytics.count.Window;
import blackhole.analytics.store.Analytics.Question;
import blackhole.analytics.v1.Kind;
import blackhole.analytics.v1.Measure;
import blackhole.analytics.v1.QueryRequest;
import blackhole.analytics.v1.TopRequest;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.regex.Pattern;

/** Checks requests, every field of them, and fills in what they leave out. */
final class Requests {
  private static final int DEFAULT_PAGE = 100;
  private static final int LARGEST_PAGE = 500;
  private static final int DEFAULT_LIMIT = 10;
  private static final int LARGEST_LIMIT = 100;
  private static final int MAX_QUANTILES = 20;
  static final List<Double> QUANTILES = List.of(0.5, 0.9, 0.99);

  /** What is of more types than are told apart. */
  private static final String OTHER = "(other)";

  private static final Pattern TOKEN = Pattern.compile("\\d{1,18}");

  /**
   * @param quantiles each from 0 to 1
   */
  record Query(Question question, List<Double> quantiles, int pageSize) {}

  /**
   * @param of never unspecified
   * @param by never unspecified
   */
  record Top(Question question, Kind of, Measure by, int limit) {}

  private Requests() {}

  /**
   * @throws StatusRuntimeException for a request that is not valid
   */
  static Query query(QueryRequest request, long nowMillis) {
    String token = request.getPageToken();
    long to = request.getTo() == 0 ? nowMillis + 1 : request.getTo();
    common(request.getType(), request.getWindow(), request.getFrom(), request.getTo(), to)
        .that(
            request.getQuantilesCount() <= MAX_QUANTILES
                && request.getQuantilesList().stream().allMatch(rank -> rank >= 0 && rank <= 1),
            "quantiles",
            "must be up to " + MAX_QUANTILES + " numbers from 0 to 1")
        .that(request.getPageSize() >= 0, "page_size", "must not be negative")
        .that(
            token.isEmpty() || TOKEN.matcher(token).matches(),
            "page_token",
            "is not the next_page_token of an answer")
        .passed();
    Window window = window(request.getWindow());
    long from = token.isEmpty() ? window.startOf(request.getFrom()) : Long.parseLong(token);
    return new Query(
        new Question(window, from, to, TypePattern.matcher(request.getType())),
        request.getQuantilesCount() == 0 ? QUANTILES : List.copyOf(request.getQuantilesList()),
        request.getPageSize() == 0 ? DEFAULT_PAGE : Math.min(LARGEST_PAGE, request.getPageSize()));
  }

  /**
   * @throws StatusRuntimeException for a request that is not valid
   */
  static Top top(TopRequest request, long nowMillis) {
    long to = request.getTo() == 0 ? nowMillis + 1 : request.getTo();
    common(request.getType(), request.getWindow(), request.getFrom(), request.getTo(), to)
        .that(request.getBy() != Measure.UNRECOGNIZED, "by", "is none of those that are known")
        .that(
            isTypes(request.getOf())
                || request.getBy() == Measure.MEASURE_UNSPECIFIED
                || request.getBy() == Measure.COUNT,
            "by",
            "must be COUNT for sources and subjects")
        .that(request.getOf() != Kind.UNRECOGNIZED, "of", "is none of those that are known")
        .that(request.getLimit() >= 0, "limit", "must not be negative")
        .passed();
    Window window = window(request.getWindow());
    return new Top(
        new Question(
            window, window.startOf(request.getFrom()), to, TypePattern.matcher(request.getType())),
        isTypes(request.getOf()) ? Kind.TYPES : request.getOf(),
        request.getBy() == Measure.MEASURE_UNSPECIFIED ? Measure.COUNT : request.getBy(),
        request.getLimit() == 0 ? DEFAULT_LIMIT : Math.min(LARGEST_LIMIT, request.getLimit()));
  }

  private static boolean isTypes(Kind of) {
    return of == Kind.KIND_UNSPECIFIED || of == Kind.TYPES;
  }

  private static Check common(
      String type, blackhole.analytics.v1.Window window, long from, long givenTo, long to) {
    return new Check()
        .that(
            type.isEmpty() || type.equals(OTHER) || TypePattern.isPattern(type),
            "type",
            "must be words of a-z, 0-9, _ and -, or *, with dots between them, up to 200 bytes")
        .that(
            window != blackhole.analytics.v1.Window.UNRECOGNIZED,
            "window",
            "is none of those that are known")
        .that(from >= 0, "from", "must not be negative")
        .that(givenTo >= 0, "to", "must not be negative")
        .that(from < to, "from", "must be before to, which is " + to);
  }

  private static Window window(blackhole.analytics.v1.Window window) {
    return switch (window) {
      case MINUTE -> Window.MINUTE;
      case DAY -> Window.DAY;
      case HOUR, WINDOW_UNSPECIFIED, UNRECOGNIZED -> Window.HOUR;
    };
  }
}
