package blackhole.telemetry.sampling;

import blackhole.health.v1.HealthGrpc;
import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One question for {@code blackhole.health.v1}, and its answer as numbers. */
final class HealthQuestion implements StreamObserver<HealthResponse> {
  private final CompletableFuture<Map<String, Double>> answer = new CompletableFuture<>();

  private HealthQuestion() {}

  /** Returns at once. */
  static CompletableFuture<Map<String, Double>> ask(Channel channel, Duration patience) {
    HealthQuestion question = new HealthQuestion();
    Context.ROOT.run(
        () ->
            HealthGrpc.newStub(channel)
                .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                .check(HealthRequest.getDefaultInstance(), question));
    return question.answer;
  }

  @Override
  public void onNext(HealthResponse response) {
    Map<String, Double> numbers = new HashMap<>(response.getMetricsMap());
    numbers.put("uptime_seconds", (double) response.getUptimeSeconds());
    numbers.put("health_grade", grade(response.getStatus()));
    answer.complete(numbers);
  }

  private static double grade(String status) {
    return switch (status) {
      case "healthy" -> 0;
      case "degraded" -> 1;
      default -> 2;
    };
  }

  @Override
  public void onError(Throwable failure) {
    answer.completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {
    // a unary call: its answer came before
  }
}
