package blackhole.api.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Measures calls, method by method: how long they take, how they end, and how large their messages
 * are. The metrics are those that OpenTelemetry names for RPC. Thread-safe.
 */
public final class CallMeter {
  /** As many methods have series of their own; the calls of others are counted as one. */
  static final int MAX_METHODS = 200;

  /** The method of calls that have none, and of those of too many methods. */
  public static final String OTHER = "other";

  private final Map<String, MethodMeter> methods = new ConcurrentHashMap<>();
  private final MethodMeter other = new MethodMeter(OTHER);

  /**
   * The meter of a method that exists; the same one each time.
   *
   * @param fullName {@code package.Service/Method}
   */
  public MethodMeter method(String fullName) {
    MethodMeter present = methods.get(fullName);
    if (present != null) {
      return present;
    }
    // two at a time may both be the last: a bound need not be exact
    return methods.size() < MAX_METHODS
        ? methods.computeIfAbsent(fullName, MethodMeter::new)
        : other;
  }

  /** The meter of calls without a method. */
  public MethodMeter other() {
    return other;
  }

  /** All calls that have ended. */
  public long calls() {
    return other.calls() + methods.values().stream().mapToLong(MethodMeter::calls).sum();
  }

  /**
   * Tells several meters as one side's metrics.
   *
   * @param side {@code server} or {@code client}
   * @param label that tells the meters apart; empty where there is only one
   * @param meters by the value of that label
   */
  public static List<Metric> metrics(String side, String label, Map<String, CallMeter> meters) {
    boolean labelled = !label.isEmpty();
    String of = "rpc_" + side + "_";
    Metric.Builder durations =
        Metric.histogram(
            of + "duration_seconds",
            "How long calls took, streams from their first to their last message, by how they"
                + " ended.",
            Histogram.Buckets.SECONDS,
            labelled ? new String[] {label, "method", "code"} : new String[] {"method", "code"});
    String[] ofMethod = labelled ? new String[] {label, "method"} : new String[] {"method"};
    Metric.Builder requests =
        Metric.histogram(
            of + "request_size_bytes",
            "The size of each message of a request, uncompressed.",
            Histogram.Buckets.BYTES,
            ofMethod);
    Metric.Builder responses =
        Metric.histogram(
            of + "response_size_bytes",
            "The size of each message of a response, uncompressed.",
            Histogram.Buckets.BYTES,
            ofMethod);
    meters.forEach(
        (value, meter) -> {
          MethodMeter.LabelValues values =
              own ->
                  labelled
                      ? Stream.concat(Stream.of(value), Stream.of(own)).toArray(String[]::new)
                      : own;
          meter
              .methods
              .values()
              .forEach(
                  method -> {
                    method.tellDurations(durations, values);
                    method.tellRequests(requests, values);
                    method.tellResponses(responses, values);
                  });
          meter.other.tellDurations(durations, values);
        });
    return List.of(durations.build(), requests.build(), responses.build());
  }
}
