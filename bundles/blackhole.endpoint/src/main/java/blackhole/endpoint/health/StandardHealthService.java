package blackhole.endpoint.health;

import blackhole.api.service.HealthReport;
import blackhole.api.service.HealthReporter;
import blackhole.health.v1.HealthGrpc;
import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Locale;
import java.util.function.Predicate;

/** {@code blackhole.health.v1.Health}: graded, with a reason and numbers. */
public final class StandardHealthService extends HealthGrpc.HealthImplBase {
  private final Predicate<String> known;
  private final HealthReporter reporter;

  /**
   * @param known the names that have a health: empty, the configured one, the gRPC services'
   */
  public StandardHealthService(Predicate<String> known, HealthReporter reporter) {
    this.known = known;
    this.reporter = reporter;
  }

  @Override
  public void check(HealthRequest request, StreamObserver<HealthResponse> observer) {
    if (!known.test(request.getService())) {
      observer.onError(unknown(request.getService()).asRuntimeException());
      return;
    }
    observer.onNext(response(reporter.report()));
    observer.onCompleted();
  }

  private static HealthResponse response(HealthReport report) {
    return HealthResponse.newBuilder()
        .setStatus(report.status().name().toLowerCase(Locale.ROOT))
        .setMessage(report.message())
        .setUptimeSeconds(report.uptime().toSeconds())
        .putAllMetrics(report.metrics())
        .build();
  }

  static Status unknown(String service) {
    return Status.NOT_FOUND.withDescription("there is no service " + service + " here");
  }
}
