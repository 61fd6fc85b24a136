package blackhole.endpoint;

import static blackhole.endpoint.EndpointFixture.options;
import static blackhole.endpoint.EndpointFixture.say;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.rpc.EndpointAddress;
import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RateLimitTest {
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  @TempDir Path directory;

  @Test
  void callsOverTheRateAreToldWhenToComeAgain() throws Exception {
    try (EndpointFixture fixture = new EndpointFixture(directory.resolve("s"))) {
      fixture.endpoint.open(
          new EndpointAddress(
              "echo",
              directory.resolve("s"),
              OptionalInt.empty(),
              Optional.empty(),
              EndpointFixture.MAX_MESSAGE_SIZE_BYTES,
              OptionalInt.of(2)));
      fixture.services.add(1, 0, new EchoService(text -> text));
      ManagedChannel channel = fixture.channel();

      StatusRuntimeException refused = sayUntilRefused(channel);

      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(refused.getStatus().getDescription())
          .isEqualTo("this instance takes 2 calls a second");
      assertThat(RpcStatus.reasonOf(refused)).contains(Reasons.RATE_LIMITED);
      Duration wait = RpcStatus.retryAfterOf(refused).orElseThrow();
      assertThat(wait).isPositive().isLessThanOrEqualTo(Duration.ofMillis(500));
      assertThat(refused.getTrailers().get(PUSHBACK))
          .isEqualTo(Long.toString(wait.plusNanos(999_999).toMillis()));
      assertThat(fixture.calls.rateLimited()).isEqualTo(1);

      for (int i = 0; i < 50; i++) {
        // health is answered at any rate; it throws when it isn't
        var unused =
            HealthGrpc.newBlockingStub(channel).check(HealthCheckRequest.getDefaultInstance());
      }
      Await.until(
          "a call passes again", () -> EndpointFixture.status(() -> say(channel, "again")).isOk());
    }
  }

  private static StatusRuntimeException sayUntilRefused(ManagedChannel channel) {
    for (int i = 0; i < 10_000; i++) {
      try {
        var unused =
            io.grpc.stub.ClientCalls.blockingUnaryCall(
                channel, EchoService.say(), options(), "quick");
      } catch (StatusRuntimeException e) {
        return e;
      }
    }
    throw new AssertionError("never refused");
  }
}
