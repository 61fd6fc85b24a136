package blackhole.analytics;

import blackhole.analytics.v1.AnalyticsGrpc;
import blackhole.api.rpc.RpcStatus;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Collects what is wrong with a request, field by field. Used by one thread. */
final class Check {
  /** The domain of the reasons: this service's package. */
  static final String DOMAIN =
      AnalyticsGrpc.SERVICE_NAME.substring(0, AnalyticsGrpc.SERVICE_NAME.lastIndexOf('.'));

  private final Map<String, String> violations = new LinkedHashMap<>();

  Check that(boolean holds, String field, String description) {
    if (!holds) {
      violations.putIfAbsent(field, description);
    }
    return this;
  }

  Check within(String field, long value, long min, long max) {
    return that(
        value >= min && value <= max, field, "is " + value + ", expected " + min + " to " + max);
  }

  /**
   * @throws StatusRuntimeException INVALID_ARGUMENT, if anything is wrong
   */
  void passed() {
    if (violations.isEmpty()) {
      return;
    }
    String message =
        violations.entrySet().stream()
            .map(violation -> violation.getKey() + " " + violation.getValue())
            .collect(Collectors.joining("; "));
    RpcStatus status =
        RpcStatus.of(Status.Code.INVALID_ARGUMENT, DOMAIN, "INVALID_REQUEST", message);
    for (Map.Entry<String, String> violation : violations.entrySet()) {
      status = status.violation(violation.getKey(), violation.getValue());
    }
    throw status.asException();
  }
}
