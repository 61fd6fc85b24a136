package blackhole.endpoint;

import static blackhole.endpoint.EndpointFixture.options;
import static blackhole.endpoint.EndpointFixture.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is too large once is too large always: clients that retry are told not to. */
class SizeRefusalTest {
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  /** Of a client that repeats whatever is RESOURCE_EXHAUSTED. */
  private static final Map<String, ?> RETRIES =
      Map.of(
          "methodConfig",
          List.of(
              Map.of(
                  "name",
                  List.of(Map.of("service", EchoService.NAME)),
                  "retryPolicy",
                  Map.of(
                      "maxAttempts",
                      4.0,
                      "initialBackoff",
                      "0.001s",
                      "maxBackoff",
                      "0.001s",
                      "backoffMultiplier",
                      1.0,
                      "retryableStatusCodes",
                      List.of("RESOURCE_EXHAUSTED")))));

  @TempDir Path directory;
  private EndpointFixture fixture;
  private ManagedChannel channel;

  @BeforeEach
  void open() throws IOException {
    fixture = EndpointFixture.open(directory.resolve("s"));
    channel = fixture.channel(RETRIES);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aClientThatRetriesSendsAMessageThatIsTooLargeOnce() throws Exception {
    fixture.services.add(1, 0, new EchoService(text -> text));
    String tooLong = "x".repeat(EndpointFixture.MAX_MESSAGE_SIZE_BYTES + 1);

    assertRefusedOnce(refusal(() -> say(channel, tooLong)), "exceeds maximum size 65536");

    // nothing of the connection is lost with the call
    assertThat(say(channel, "short")).isEqualTo("short");
    Await.until("no call is left", () -> fixture.calls.active() == 0);
  }

  @Test
  void aMessageManyTimesTooLargeIsNotReadToItsEnd() {
    fixture.services.add(1, 0, new EchoService(text -> text));
    String huge = "x".repeat(100 * EndpointFixture.MAX_MESSAGE_SIZE_BYTES);

    assertRefusedOnce(refusal(() -> say(channel, huge)), "exceeds maximum size 65536");
    assertThat(say(channel, "short")).isEqualTo("short");
  }

  @Test
  void aCompressedMessageThatUnfoldsTooLargeIsSentOnce() {
    fixture.services.add(1, 0, new EchoService(text -> text));
    String tooLong = "x".repeat(EndpointFixture.MAX_MESSAGE_SIZE_BYTES + 1);

    // gRPC finds out while it reads the message, and answers UNKNOWN, which nobody retries
    StatusRuntimeException refused =
        refusal(
            () ->
                ClientCalls.blockingUnaryCall(
                    channel, EchoService.say(), options().withCompression("gzip"), tooLong));

    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
    assertThat(fixture.calls.requests()).isEqualTo(1);
  }

  @Test
  void metadataThatIsTooLargeIsSentOnce() {
    fixture.services.add(1, 0, new EchoService(text -> text));
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("big", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(9000));

    assertRefusedOnce(
        refusal(
            () ->
                ClientCalls.blockingUnaryCall(
                    ClientInterceptors.intercept(
                        channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
                    EchoService.say(),
                    options(),
                    "")),
        "bytes of metadata, of 8192");
  }

  @Test
  void aHandlerThatHasNoMoreOfSomethingIsStillTriedAgain() {
    AtomicInteger calls = new AtomicInteger();
    fixture.services.add(
        1,
        0,
        new EchoService(
            text -> {
              if (calls.incrementAndGet() < 3) {
                throw Status.RESOURCE_EXHAUSTED.asRuntimeException();
              }
              return text;
            }));

    assertThat(say(channel, "third time")).isEqualTo("third time");
    assertThat(calls).hasValue(3);
  }

  private static StatusRuntimeException refusal(Runnable call) {
    StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, call::run);
    assertThat(refused).isNotNull();
    return refused;
  }

  private void assertRefusedOnce(StatusRuntimeException refused, String why) {
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.getStatus().getDescription()).contains(why);
    assertThat(fixture.calls.requests()).isEqualTo(1);
    assertThat(RpcStatus.reasonOf(refused)).contains(Reasons.TOO_LARGE);
    assertThat(refused.getTrailers().get(PUSHBACK)).isEqualTo("-1");
  }
}
