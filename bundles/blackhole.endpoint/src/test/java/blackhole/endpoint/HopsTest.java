package blackhole.endpoint;

import static blackhole.endpoint.EndpointFixture.options;
import static blackhole.endpoint.EndpointFixture.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real servers in a row, each calling the next within the call that it serves. */
class HopsTest {
  private static final String CONNECT = "connect";

  @TempDir Path directory;
  private EndpointFixture first;
  private EndpointFixture second;
  private EndpointFixture leaf;
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final CountDownLatch contextCancelled = new CountDownLatch(1);
  private final AtomicReference<Deadline> leafDeadline = new AtomicReference<>();

  @BeforeEach
  void open() throws IOException {
    leaf = EndpointFixture.open(directory.resolve("c"));
    leaf.services.add(1, 0, silent());
    second = EndpointFixture.open(directory.resolve("b"));
    second.services.add(1, 0, forwardingTo(leaf.channel()));
    first = EndpointFixture.open(directory.resolve("a"));
    first.services.add(1, 0, forwardingTo(second.channel()));
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
    leaf.close();
  }

  /** Never answers, but to say that all are connected, and notes how its call ends. */
  private BindableService silent() {
    return EchoService.answering(
        (request, observer) -> {
          if (request.equals(CONNECT)) {
            observer.onNext(request);
            observer.onCompleted();
            return;
          }
          leafDeadline.set(Context.current().getDeadline());
          ((ServerCallStreamObserver<String>) observer).setOnCancelHandler(cancelled::countDown);
          Context.current().addListener(context -> contextCancelled.countDown(), Runnable::run);
          arrived.countDown();
        });
  }

  private static BindableService forwardingTo(ManagedChannel next) {
    return EchoService.answering(
        (request, observer) ->
            ClientCalls.asyncUnaryCall(
                next.newCall(EchoService.say(), CallOptions.DEFAULT), request, observer));
  }

  @Test
  void theLeafSeesTheCancellationOfTheFirstCaller() throws Exception {
    ListenableFuture<String> call =
        ClientCalls.futureUnaryCall(first.channel().newCall(EchoService.say(), options()), "x");
    Await.open(arrived);

    call.cancel(true);

    Await.open(cancelled);
    Await.open(contextCancelled);
    Await.until("no call is left", () -> first.calls.active() + leaf.calls.active() == 0);
  }

  @Test
  void theLeafSeesTheDeadlineOfTheFirstCallerAndItsEnd() throws Exception {
    ManagedChannel channel = first.channel();
    // the deadline is for a call alone, and not for three connections that are yet to be made
    assertThat(say(channel, CONNECT)).isEqualTo(CONNECT);
    CallOptions brief = CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS);

    assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(channel, EchoService.say(), brief, "x"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));

    Await.open(arrived);
    assertThat(leafDeadline.get().timeRemaining(TimeUnit.MILLISECONDS)).isLessThanOrEqualTo(5000);
    Await.open(cancelled);
    Await.open(contextCancelled);
  }
}
