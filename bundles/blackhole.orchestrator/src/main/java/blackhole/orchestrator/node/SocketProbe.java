package blackhole.orchestrator.node;

import blackhole.api.rpc.SocketChannels;
import blackhole.api.service.HealthResult;
import blackhole.api.supervision.InstanceId;
import blackhole.health.v1.HealthGrpc;
import blackhole.health.v1.HealthRequest;
import blackhole.health.v1.HealthResponse;
import blackhole.orchestrator.supervision.HealthProbe;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Asks instances for their health where their callers would: at their sockets. */
final class SocketProbe implements HealthProbe, AutoCloseable {
  private final SocketChannels channels;
  private final Function<InstanceId, Path> links;
  private final UnaryOperator<String> redaction;
  private final Map<InstanceId, ManagedChannel> open = new ConcurrentHashMap<>();

  /**
   * @param links the stable path of an instance, where a new process is found again
   * @param redaction takes out what must not show
   */
  SocketProbe(
      SocketChannels channels, Function<InstanceId, Path> links, UnaryOperator<String> redaction) {
    this.redaction = redaction;
    this.channels = channels;
    this.links = links;
  }

  @Override
  public CompletionStage<HealthResult> check(InstanceId id, Duration timeout) {
    ManagedChannel channel = open.computeIfAbsent(id, key -> channels.open(links.apply(key)));
    CompletableFuture<HealthResult> answer = new CompletableFuture<>();
    HealthGrpc.newStub(channel)
        .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
        .check(HealthRequest.getDefaultInstance(), new Answer(answer, redaction));
    return answer;
  }

  private record Answer(CompletableFuture<HealthResult> result, UnaryOperator<String> redaction)
      implements StreamObserver<HealthResponse> {
    @Override
    public void onNext(HealthResponse response) {
      result.complete(SocketProbe.result(response, redaction));
    }

    @Override
    public void onError(Throwable failure) {
      result.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      // a unary call: its answer came before
    }
  }

  private static HealthResult result(HealthResponse response, UnaryOperator<String> redaction) {
    String message =
        response.getMessage().isBlank()
            ? "it says no more"
            : redaction.apply(response.getMessage());
    return switch (response.getStatus()) {
      case "healthy" -> HealthResult.healthy();
      case "degraded" -> HealthResult.degraded(message);
      default -> HealthResult.unhealthy(message);
    };
  }

  @Override
  public void close() {
    open.values().forEach(ManagedChannel::shutdownNow);
  }
}
