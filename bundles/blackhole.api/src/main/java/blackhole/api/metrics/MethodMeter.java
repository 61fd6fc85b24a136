package blackhole.api.metrics;

import io.grpc.Status;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** What the calls of one method come to. Thread-safe; recording takes no lock. */
public final class MethodMeter {
  private static final Status.Code[] CODES = Status.Code.values();

  private final String method;
  private final AtomicReferenceArray<@Nullable Histogram> durations =
      new AtomicReferenceArray<>(CODES.length);
  private final Histogram requestBytes = new Histogram(Histogram.Buckets.BYTES);
  private final Histogram responseBytes = new Histogram(Histogram.Buckets.BYTES);

  MethodMeter(String method) {
    this.method = method;
  }

  /** A call has ended. */
  public void ended(Status.Code code, long durationNanos) {
    duration(code).record(durationNanos);
  }

  private Histogram duration(Status.Code code) {
    Histogram present = durations.get(code.ordinal());
    if (present != null) {
      return present;
    }
    Histogram made = new Histogram(Histogram.Buckets.SECONDS);
    Histogram other = durations.compareAndExchange(code.ordinal(), null, made);
    return other == null ? made : other;
  }

  /** A message of the caller. */
  public void request(long bytes) {
    requestBytes.record(bytes);
  }

  /** A message of the one who is called. */
  public void response(long bytes) {
    responseBytes.record(bytes);
  }

  /** Those that have ended, however they did. */
  long calls() {
    long calls = 0;
    for (Status.Code code : CODES) {
      Histogram ended = durations.get(code.ordinal());
      calls += ended == null ? 0 : ended.count();
    }
    return calls;
  }

  void tellDurations(Metric.Builder metric, LabelValues labels) {
    for (Status.Code code : CODES) {
      Histogram ended = durations.get(code.ordinal());
      if (ended != null) {
        metric.with(ended, labels.and(method, code.name()));
      }
    }
  }

  void tellRequests(Metric.Builder metric, LabelValues labels) {
    metric.with(requestBytes, labels.and(method));
  }

  void tellResponses(Metric.Builder metric, LabelValues labels) {
    metric.with(responseBytes, labels.and(method));
  }

  /** Puts what comes before a method's own labels. */
  @FunctionalInterface
  interface LabelValues {
    String[] and(String... own);
  }
}
