package blackhole.endpoint;

import static blackhole.endpoint.EndpointFixture.options;
import static blackhole.endpoint.EndpointFixture.say;
import static blackhole.endpoint.EndpointFixture.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrainTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;
  private Path socket;
  private EndpointFixture fixture;
  private EchoService echo;
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch entered = new CountDownLatch(1);

  @BeforeEach
  void open() throws Exception {
    socket = directory.resolve("s");
    fixture = EndpointFixture.open(socket);
    echo =
        new EchoService(
            text -> {
              if (text.equals("block")) {
                entered.countDown();
                try {
                  Await.open(release);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }
              return text;
            });
    fixture.services.add(1, 0, echo);
  }

  @AfterEach
  void close() {
    release.countDown();
    fixture.close();
  }

  @Test
  void letsACallInFlightFinishAndRefusesNewOnes() throws Exception {
    ManagedChannel channel = fixture.channel();
    ListenableFuture<String> inFlight =
        ClientCalls.futureUnaryCall(channel.newCall(EchoService.say(), options()), "block");
    Await.open(entered);

    CompletableFuture<Integer> drained = drain(LONG);
    Await.until("the socket is gone", () -> !socket.toFile().exists());
    Await.until(
        "new calls are refused",
        () -> status(() -> say(channel, "late")).getCode() == Status.Code.UNAVAILABLE);
    assertThat(status(() -> say(fixture.channel(), "new")).getCode())
        .isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(drained).isNotDone();

    release.countDown();
    assertThat(inFlight.get(20, TimeUnit.SECONDS)).isEqualTo("block");
    assertThat(drained.get(20, TimeUnit.SECONDS)).isZero();
  }

  @Test
  void cancelsAndCountsWhatOutlastsTheTimeout() throws Exception {
    ManagedChannel channel = fixture.channel();
    Iterator<String> stream =
        ClientCalls.blockingServerStreamingCall(channel, EchoService.follow(), options(), "one");
    assertThat(stream.next()).isEqualTo("one");
    ListenableFuture<String> unary =
        ClientCalls.futureUnaryCall(channel.newCall(EchoService.say(), options()), "block");
    Await.open(entered);

    assertThat(drain(Duration.ofMillis(50)).get(20, TimeUnit.SECONDS)).isEqualTo(2);

    assertThat(socket).doesNotExist();
    assertThatThrownBy(stream::next)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
              assertThat(RpcStatus.reasonOf(e)).contains(Reasons.DRAINING);
              assertThat(RpcStatus.retryAfterOf(e)).contains(Duration.ofSeconds(1));
            });
    assertThatThrownBy(() -> unary.get(20, TimeUnit.SECONDS))
        .hasRootCauseMessage("UNAVAILABLE: the service is stopping");
    Await.open(echo.followCancelled);
  }

  @Test
  void isNotHeldUpByAnOpenReflectionStream() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(fixture.channel())
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answered.countDown();
                  }

                  @Override
                  public void onError(Throwable t) {
                    ended.countDown();
                  }

                  @Override
                  public void onCompleted() {
                    ended.countDown();
                  }
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    Await.open(answered);

    // would take a minute if it waited
    assertThat(drain(LONG).get(20, TimeUnit.SECONDS)).isZero();
    Await.open(ended);
  }

  @Test
  void ofAClosedEndpointIsNothing() throws Exception {
    assertThat(fixture.endpoint.drain(LONG)).isZero();
    assertThat(fixture.endpoint.drain(LONG)).isZero();
  }

  private CompletableFuture<Integer> drain(Duration timeout) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return fixture.endpoint.drain(timeout);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        task -> new Thread(task, "drain").start());
  }
}
