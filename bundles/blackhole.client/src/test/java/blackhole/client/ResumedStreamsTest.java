package blackhole.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.ResumedStreams;
import blackhole.api.rpc.RpcStatus;
import blackhole.api.rpc.ServerCallScope;
import blackhole.client.service.Echo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream of numbers, from the one that is asked for to the ninth. */
class ResumedStreamsTest {
  private static final int LAST = 9;

  private static final ClientInterceptor RESUMED =
      ResumedStreams.of(Echo.WATCH, (request, got) -> "" + (Integer.parseInt(got) + 1));

  @TempDir Path folder;
  private TestNode node;
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger received = new AtomicInteger();

  @BeforeEach
  void open() {
    node = new TestNode(folder);
  }

  @AfterEach
  void close() throws Exception {
    node.close();
  }

  private void serve(Echo.Handler handler) throws Exception {
    Server unused = node.serve("a", handler);
    node.register(Availability.SERVING, CallPolicy.DEFAULT, node.local("a"));
  }

  /** Gives out as many, and then fails so. */
  private Echo.Handler failingAfter(int messages, RpcStatus failure) {
    return (request, answer) -> {
      asked.incrementAndGet();
      int from = Integer.parseInt(request);
      for (int i = from; i <= LAST; i++) {
        if (i == from + messages) {
          answer.onError(failure.asException());
          return;
        }
        answer.onNext("" + i);
      }
      answer.onCompleted();
    };
  }

  private static RpcStatus unavailable(String reason) {
    return RpcStatus.of(Status.Code.UNAVAILABLE, Reasons.DOMAIN, reason, "no more");
  }

  private List<String> read(Channel channel) {
    List<String> read = new ArrayList<>();
    ClientCalls.blockingServerStreamingCall(
            ClientInterceptors.intercept(channel, RESUMED), Echo.WATCH, CallOptions.DEFAULT, "0")
        .forEachRemaining(
            message -> {
              read.add(message);
              received.incrementAndGet();
            });
    return read;
  }

  @Test
  void goesOnWhereAProcessDied() throws Exception {
    serveDyingAfterThree();
    node.register(Availability.SERVING, CallPolicy.DEFAULT, node.local("a"));
    assertThat(read(node.channel()))
        .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    assertThat(asked).hasValue(4);
    assertThat(node.counted().calls()).isEqualTo(4);
  }

  private void serveDyingAfterThree() throws IOException {
    // a call may come before it is known here which server that is
    CompletableFuture<TestNode.Mortal> server = new CompletableFuture<>();
    server.complete(
        node.serveMortal("a", (request, answer) -> dieAfterThree(server, request, answer)));
  }

  private void dieAfterThree(
      CompletableFuture<TestNode.Mortal> server, String request, StreamObserver<String> answer) {
    asked.incrementAndGet();
    int from = Integer.parseInt(request);
    for (int i = from; i <= LAST && i < from + 3; i++) {
      answer.onNext("" + i);
    }
    if (from + 3 > LAST) {
      answer.onCompleted();
      return;
    }
    int sent = from + 3;
    try {
      // what is on its way when a process dies may be lost, and is asked for again
      Await.until("all is received", () -> received.get() == sent);
      server.join().kill();
      serveDyingAfterThree();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void goesOnWhereAProcessDrained() throws Exception {
    serve(failingAfter(4, unavailable(Reasons.DRAINING)));
    assertThat(read(node.channel())).hasSize(10).doesNotHaveDuplicates();
    assertThat(asked).hasValue(3);
  }

  @Test
  void givesUpWhenNothingMoreComes() throws Exception {
    serve(
        (request, answer) ->
            failingAfter(request.equals("0") ? 2 : 0, unavailable(Reasons.DRAINING))
                .handle(request, answer));
    StatusRuntimeException e =
        catchThrowableOfType(StatusRuntimeException.class, () -> read(node.channel()));
    assertThat(RpcStatus.reasonOf(e)).contains(Reasons.DRAINING);
    assertThat(asked).hasValue(1 + 3);
  }

  @Test
  void leavesARefusalAlone() throws Exception {
    serve(failingAfter(2, unavailable("NO_DISK")));
    StatusRuntimeException e =
        catchThrowableOfType(StatusRuntimeException.class, () -> read(node.channel()));
    assertThat(RpcStatus.reasonOf(e)).contains("NO_DISK");
    assertThat(asked).hasValue(1);
  }

  @Test
  void leavesOtherMethodsAlone() throws Exception {
    serve(Echo.Handler.answering("one"));
    Channel channel = ClientInterceptors.intercept(node.channel(), RESUMED);
    assertThat(TestNode.call(channel, Echo.READ)).isEqualTo("one");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ResumedStreams.of(Echo.READ, (request, got) -> request));
  }

  /** What failed on the way and was mended is no reason for callers not to retry. */
  @Test
  void tellsTheServedCallOnlyOfAFailureForGood() throws Exception {
    serve(failingAfter(4, unavailable(Reasons.DRAINING)));
    ServerCallScope scope = new ServerCallScope();
    scope.in(Context.current()).run(() -> assertThat(read(node.channel())).hasSize(10));
    assertThat(scope.hasDownstreamFailed()).isFalse();
    node.register(
        new Availability(Availability.State.STOPPED, "", Optional.empty()), CallPolicy.DEFAULT);
    scope
        .in(Context.current())
        .run(
            () ->
                assertThat(
                        catchThrowableOfType(
                            StatusRuntimeException.class, () -> read(node.channel())))
                    .isNotNull());
    assertThat(scope.hasDownstreamFailed()).isTrue();
  }

  /** Headers come once, and nobody gets more than was asked for, or anything after leaving. */
  @Test
  void asksForAsMuchAsItsCallerAndEndsWithIt() throws Exception {
    serve(failingAfter(2, unavailable(Reasons.DRAINING)));
    ClientCall<String, String> call =
        ClientInterceptors.intercept(node.channel(), RESUMED)
            .newCall(Echo.WATCH, CallOptions.DEFAULT);
    AtomicInteger headers = new AtomicInteger();
    AtomicInteger messages = new AtomicInteger();
    CountDownLatch ended = new CountDownLatch(1);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onHeaders(Metadata received) {
            headers.incrementAndGet();
          }

          @Override
          public void onMessage(String message) {
            if (messages.incrementAndGet() == 5) {
              call.cancel("enough", null);
            }
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            ended.countDown();
          }
        },
        new Metadata());
    call.sendMessage("0");
    call.halfClose();
    call.request(5);
    Await.open(ended);
    assertThat(messages).hasValue(5);
    assertThat(headers).hasValue(1);
    assertThat(asked).hasValue(3);
  }
}
