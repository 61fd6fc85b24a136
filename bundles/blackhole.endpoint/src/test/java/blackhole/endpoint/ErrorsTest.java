package blackhole.endpoint;

import static blackhole.endpoint.EndpointFixture.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import blackhole.api.rpc.ServerCallScope;
import blackhole.endpoint.call.CallGuard;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorsTest {
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> HINT =
      Metadata.Key.of("hint", Metadata.ASCII_STRING_MARSHALLER);

  @TempDir Path directory;
  private EndpointFixture fixture;
  private ManagedChannel channel;

  @BeforeEach
  void open() throws IOException {
    fixture = EndpointFixture.open(directory.resolve("s"));
    channel = fixture.channel();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void whatAHandlerThrowsIsNamedWithoutAWordOfIt() {
    StatusRuntimeException failure =
        fail(
            text -> {
              throw new IllegalStateException("secret", new IOException("more secret"));
            });
    assertHandlerFailed(failure);
  }

  @Test
  void whatAHandlerGivesToOnErrorIsTheSame() {
    try (LogCapture log = new LogCapture(CallGuard.class.getName())) {
      StatusRuntimeException failure =
          fail(
              EchoService.answering(
                  (text, observer) -> observer.onError(new IllegalStateException("secret"))));
      assertHandlerFailed(failure);
      assertThat(log.warnings()).containsExactly("the handler of test.Echo/Say failed");
    }
  }

  @Test
  void memoryThatRanOutIsHandedOnToWhoeverEndsTheProcess() {
    List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    OutOfMemoryError direct = new OutOfMemoryError("direct buffer memory");
    UnaryOperator<String> exhausted =
        text -> {
          Thread.currentThread()
              .setUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
          throw new IllegalStateException(direct);
        };
    assertHandlerFailed(fail(exhausted));
    assertThat(uncaught).singleElement().extracting(Throwable::getCause).isSameAs(direct);
  }

  private static void assertHandlerFailed(StatusRuntimeException failure) {
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(RpcStatus.reasonOf(failure)).contains(Reasons.HANDLER_FAILED);
    assertThat(failure.getStatus().getDescription() + failure.getTrailers())
        .contains("test.Echo/Say failed")
        .doesNotContain("secret", "Exception", "\tat ");
  }

  @Test
  void aStatusThatIsThrownKeepsItsTrailers() {
    Metadata trailers = new Metadata();
    trailers.put(HINT, "look elsewhere");
    StatusRuntimeException failure =
        fail(
            text -> {
              throw Status.UNKNOWN
                  .withDescription("as I say")
                  .withCause(new IOException("mine"))
                  .asRuntimeException(trailers);
            });
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
    assertThat(failure.getStatus().getDescription()).isEqualTo("as I say");
    assertThat(failure.getTrailers().get(HINT)).isEqualTo("look elsewhere");
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"UNAVAILABLE", "RESOURCE_EXHAUSTED", "ABORTED", "DEADLINE_EXCEEDED"})
  void callersDoNotRepeatWhatWasRepeatedFurtherDown(Status.Code code) {
    Metadata trailers = new Metadata();
    trailers.put(PUSHBACK, "20");
    trailers.put(HINT, "kept");
    StatusRuntimeException failure =
        fail(
            text -> {
              Objects.requireNonNull(ServerCallScope.current()).downstreamFailed();
              throw Status.fromCode(code).asRuntimeException(trailers);
            });
    assertThat(failure.getTrailers().getAll(PUSHBACK)).containsExactly("-1");
    assertThat(failure.getTrailers().get(HINT)).isEqualTo("kept");
  }

  @Test
  void callersMayRepeatWhatFailedHere() {
    StatusRuntimeException failure =
        fail(
            text -> {
              throw Status.UNAVAILABLE.asRuntimeException();
            });
    assertThat(failure.getTrailers().containsKey(PUSHBACK)).isFalse();
  }

  @Test
  void otherAnswersSayNothingOfRetries() {
    StatusRuntimeException failure =
        fail(
            text -> {
              Objects.requireNonNull(ServerCallScope.current()).downstreamFailed();
              throw Status.NOT_FOUND.asRuntimeException();
            });
    assertThat(failure.getTrailers().containsKey(PUSHBACK)).isFalse();
  }

  @Test
  void eachCallHasAScopeOfItsOwn() {
    fixture.services.add(
        1,
        0,
        new EchoService(
            text -> {
              ServerCallScope scope = Objects.requireNonNull(ServerCallScope.current());
              String before = Boolean.toString(scope.hasDownstreamFailed());
              scope.downstreamFailed();
              return before;
            }));
    assertThat(EndpointFixture.say(channel, "")).isEqualTo("false");
    assertThat(EndpointFixture.say(channel, "")).isEqualTo("false");
  }

  private StatusRuntimeException fail(UnaryOperator<String> handler) {
    return fail(new EchoService(handler));
  }

  private StatusRuntimeException fail(BindableService service) {
    fixture.services.add(1, 0, service);
    return assertThrows(
        StatusRuntimeException.class,
        () -> ClientCalls.blockingUnaryCall(channel, EchoService.say(), options(), ""));
  }
}
