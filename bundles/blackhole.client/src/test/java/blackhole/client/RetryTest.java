package blackhole.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.rpc.RpcStatus;
import blackhole.api.rpc.ServerCallScope;
import blackhole.client.service.Echo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTest {
  @TempDir Path folder;
  private TestNode node;
  private final AtomicInteger attempts = new AtomicInteger();

  @BeforeEach
  void open() {
    node = new TestNode(folder);
  }

  @AfterEach
  void close() throws Exception {
    node.close();
  }

  /** As a policy with retries that don't wait, and a breaker that keeps out of the way. */
  private static CallPolicy retrying(int maxRetries) {
    return new CallPolicy(
        Duration.ofSeconds(30),
        maxRetries,
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        1.5,
        1 << 20,
        1024,
        1000,
        2,
        Duration.ofSeconds(30),
        CallPolicy.DEFAULT.remoteFallback());
  }

  private Echo.Handler failing(Status status) {
    return (request, answer) -> {
      attempts.incrementAndGet();
      answer.onError(status.asRuntimeException());
    };
  }

  private void serve(Echo.Handler handler, CallPolicy policy) throws Exception {
    Server unused = node.serve("a", handler);
    node.register(Availability.SERVING, policy, node.local("a"));
  }

  /** gRPC's own cap of five attempts would cut the last two. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 100})
  void retriesAsOftenAsThePolicySays(int maxRetries) throws Exception {
    serve(failing(Status.UNAVAILABLE), retrying(maxRetries));
    assertThat(failure(Echo.READ).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(attempts).hasValue(1 + maxRetries);
    assertThat(node.counted().retries()).isEqualTo(maxRetries);
    assertThat(node.counted().calls()).isEqualTo(1);
    assertThat(node.counted().failed()).isEqualTo(1);
  }

  @Test
  void zeroRetriesAreNone() throws Exception {
    serve(failing(Status.UNAVAILABLE), retrying(0));
    assertThat(failure(Echo.READ)).isNotNull();
    assertThat(attempts).hasValue(1);
  }

  @Test
  void onlyMethodsThatSaySoAreRetried() throws Exception {
    serve(failing(Status.UNAVAILABLE), retrying(3));
    assertThat(failure(Echo.POST)).isNotNull();
    assertThat(attempts).hasValue(1);
    assertThat(failure(Echo.PUT)).isNotNull();
    assertThat(attempts).hasValue(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RESOURCE_EXHAUSTED", "ABORTED", "DEADLINE_EXCEEDED"})
  void theseCodesAreRetried(String code) throws Exception {
    serve(failing(Status.Code.valueOf(code).toStatus()), retrying(2));
    assertThat(failure(Echo.READ)).isNotNull();
    assertThat(attempts).hasValue(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"INVALID_ARGUMENT", "NOT_FOUND", "INTERNAL", "UNAUTHENTICATED"})
  void theseCodesAreNot(String code) throws Exception {
    serve(failing(Status.Code.valueOf(code).toStatus()), retrying(2));
    assertThat(failure(Echo.READ)).isNotNull();
    assertThat(attempts).hasValue(1);
  }

  /** The server ends when it has taken the call and before it has answered. */
  @Test
  void aCallWhoseServerDiesIsNotMadeAgain() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    AtomicReference<TestNode.Mortal> server = new AtomicReference<>();
    Echo.Handler dying =
        (request, answer) -> {
          taken.incrementAndGet();
          server.get().kill();
        };
    server.set(node.serveMortal("a", dying));
    node.register(Availability.SERVING, retrying(5), node.local("a"));
    assertThat(failure(Echo.POST).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(taken).hasValue(1);
    assertThat(node.counted().retries()).isZero();
  }

  @Test
  void anIdempotentCallWhoseServerDiesIsMadeAgain() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    AtomicReference<TestNode.Mortal> server = new AtomicReference<>();
    Echo.Handler dying =
        (request, answer) -> {
          taken.incrementAndGet();
          server.get().kill();
          try {
            server.set(node.serveMortal("a", Echo.Handler.answering("next")));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    server.set(node.serveMortal("a", dying));
    node.register(Availability.SERVING, retrying(5), node.local("a"));
    assertThat(node.call(Echo.PUT)).isEqualTo("next");
    assertThat(taken).hasValue(1);
    assertThat(node.counted().retries()).isEqualTo(1);
    server.get().kill();
  }

  @Test
  void aStreamWhoseServerDiesFails() throws Exception {
    TestNode.Mortal server =
        node.serveMortal("a", (request, answer) -> answer.onNext("first of many"));
    node.register(Availability.SERVING, retrying(5), node.local("a"));
    var stream =
        ClientCalls.blockingServerStreamingCall(
            node.channel(), Echo.WATCH, CallOptions.DEFAULT, "hello");
    assertThat(stream.next()).isEqualTo("first of many");
    server.kill();
    StatusRuntimeException e =
        catchThrowableOfType(StatusRuntimeException.class, () -> stream.hasNext());
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(node.counted().failed()).isEqualTo(1);
  }

  @Test
  void retriesGoToAnotherInstance() throws Exception {
    AtomicBoolean broken = new AtomicBoolean();
    Server unusedA =
        node.serve(
            "a",
            (request, answer) ->
                (broken.get() ? failing(Status.UNAVAILABLE) : Echo.Handler.answering("a"))
                    .handle(request, answer));
    Server unusedB = node.serve("b", Echo.Handler.answering("b"));
    node.register(Availability.SERVING, retrying(3), node.local("a"), node.local("b"));
    // one that fails while it is the only one connected would take all the retries
    Await.until("a is connected", () -> node.call(Echo.READ).equals("a"));
    Await.until("b is connected", () -> node.call(Echo.READ).equals("b"));
    broken.set(true);
    for (int i = 0; i < 40; i++) {
      assertThat(node.call(Echo.READ)).isEqualTo("b");
    }
    // one that fails is asked at most once for each call, and the next attempt is the other's
    assertThat(attempts.get()).isBetween(1, 40);
  }

  /** One of two is dead, and the registry does not know yet: nobody notices. */
  @Test
  void aDeadInstanceBesideALiveOneFailsNoCall() throws Exception {
    Server dead = node.serve("a", Echo.Handler.answering("a"));
    Server unused = node.serve("b", Echo.Handler.answering("b"));
    node.register(Availability.SERVING, retrying(3), node.local("a"), node.local("b"));
    Await.until("both are called", () -> node.call(Echo.READ).equals("a"));
    TestNode.stop(dead);
    for (int i = 0; i < 100; i++) {
      assertThat(node.call(Echo.READ)).isEqualTo("b");
    }
  }

  @Test
  void aChannelMayOverrideRetriesAndTimeout() throws Exception {
    AtomicReference<Deadline> deadline = new AtomicReference<>();
    serve(
        (request, answer) -> {
          deadline.set(Context.current().getDeadline());
          failing(Status.UNAVAILABLE).handle(request, answer);
        },
        retrying(2));
    Channel once =
        node.clients.to(
            "echo", policy -> policy.withMaxRetries(0).withTimeout(Duration.ofMinutes(10)));
    assertThat(failure(once, Echo.READ)).isNotNull();
    assertThat(attempts).hasValue(1);
    assertThat(deadline.get().timeRemaining(SECONDS)).isBetween(60L, 600L);

    Channel often = node.clients.to("echo", policy -> policy.withMaxRetries(7));
    assertThat(failure(often, Echo.READ)).isNotNull();
    assertThat(attempts).hasValue(9);
    assertThat(failure(Echo.READ)).isNotNull();
    assertThat(attempts).hasValue(12);
    assertThat(deadline.get().timeRemaining(SECONDS)).isLessThanOrEqualTo(30);
    assertThat(node.counted().calls()).isEqualTo(3);
    assertThat(node.counted().retries()).isEqualTo(9);
  }

  @Test
  void aChangedPolicyIsFollowed() throws Exception {
    serve(failing(Status.UNAVAILABLE), retrying(1));
    assertThat(failure(Echo.READ)).isNotNull();
    node.register(Availability.SERVING, retrying(3), node.local("a"));
    assertThat(failure(Echo.READ)).isNotNull();
    assertThat(attempts).hasValue(2 + 4);
  }

  /** A calls B calls C, all with three retries, and C fails. */
  @Test
  void retriesDoNotMultiplyAlongAChain() throws Exception {
    Path below = Files.createDirectory(folder.resolve("c"));
    try (TestNode b = new TestNode(below)) {
      Server unusedC = b.serve("a", failing(Status.UNAVAILABLE));
      b.register(Availability.SERVING, retrying(3), b.local("a"));
      ExecutorService handlers = Executors.newCachedThreadPool();
      try {
        AtomicInteger asked = new AtomicInteger();
        Server unusedB =
            node.serve("a", forwarding(b, asked, handlers), new NoRetryAfterDownstreamFailure());
        node.register(Availability.SERVING, retrying(3), node.local("a"));
        assertThat(failure(Echo.READ).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(asked).hasValue(1);
        assertThat(attempts).hasValue(1 + 3);
      } finally {
        handlers.shutdownNow();
      }
    }
  }

  /** A calls B calls C; the leaf sees A's deadline, and A's going away. */
  @Test
  void deadlineAndCancellationReachTheLeafOfThreeHops() throws Exception {
    Path below = Files.createDirectory(folder.resolve("c"));
    AtomicReference<Deadline> deadline = new AtomicReference<>();
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    try (TestNode b = new TestNode(below)) {
      Server unusedC =
          b.serve(
              "a",
              (request, answer) -> {
                deadline.set(Context.current().getDeadline());
                ((ServerCallStreamObserver<String>) answer)
                    .setOnCancelHandler(cancelled::countDown);
                reached.countDown();
              });
      b.register(Availability.SERVING, retrying(0), b.local("a"));
      ExecutorService handlers = Executors.newCachedThreadPool();
      try {
        Server unusedB = node.serve("a", forwarding(b, new AtomicInteger(), handlers));
        node.register(Availability.SERVING, retrying(0), node.local("a"));
        var call =
            ClientCalls.futureUnaryCall(
                node.channel()
                    .newCall(Echo.READ, CallOptions.DEFAULT.withDeadlineAfter(20, SECONDS)),
                "hello");
        Await.open(reached);
        assertThat(deadline.get().timeRemaining(SECONDS)).isLessThanOrEqualTo(20);
        assertThat(call.cancel(true)).isTrue();
        Await.open(cancelled);
      } finally {
        handlers.shutdownNow();
      }
    }
  }

  /** A handler that asks the next service, on behalf of its own call. */
  private static Echo.Handler forwarding(
      TestNode next, AtomicInteger asked, ExecutorService threads) {
    return (request, answer) -> {
      asked.incrementAndGet();
      threads.execute(
          Context.current()
              .wrap(
                  () -> {
                    try {
                      answer.onNext(next.call(Echo.READ));
                      answer.onCompleted();
                    } catch (StatusRuntimeException e) {
                      answer.onError(e);
                    }
                  }));
    };
  }

  /** What an endpoint does. */
  private static final class NoRetryAfterDownstreamFailure implements ServerInterceptor {
    private static final Metadata.Key<String> PUSHBACK =
        Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      ServerCallScope scope = new ServerCallScope();
      return Contexts.interceptCall(
          scope.in(Context.current()),
          new SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
              if (scope.hasDownstreamFailed()) {
                trailers.put(PUSHBACK, "-1");
              }
              super.close(status, trailers);
            }
          },
          headers,
          next);
    }
  }

  @Test
  void anAnswerThatIsTooLargeIsNotRetried() throws Exception {
    serve(
        (request, answer) -> {
          attempts.incrementAndGet();
          Echo.Handler.answering("x".repeat(2 << 20)).handle(request, answer);
        },
        retrying(3));
    assertThat(failure(Echo.READ).getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(attempts).hasValue(1);
    // and the connection is as good as before
    CallPolicy larger = CallPolicy.DEFAULT;
    node.register(Availability.SERVING, larger, node.local("a"));
    assertThat(node.call(Echo.READ)).hasSize(2 << 20);
  }

  @Test
  void anUnknownMethodIsAnsweredCleanlyAndIsNoFailureOfTheService() throws Exception {
    serve(Echo.Handler.answering("one"), retrying(3));
    MethodDescriptor<String, String> unknown =
        Echo.READ.toBuilder().setFullMethodName("test.Echo/Nothing").build();
    StatusRuntimeException e = failure(unknown);
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(RpcStatus.reasonOf(e)).isEmpty();
    assertThat(node.counted().failures()).isZero();
  }

  /** As much as the client has asked for, and the rest of the calls go on. */
  @Test
  void aStreamThatIsNotReadHoldsNothingUp() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    CountDownLatch stalled = new CountDownLatch(1);
    serve(
        (request, answer) -> {
          ServerCallStreamObserver<String> stream = (ServerCallStreamObserver<String>) answer;
          if (!request.equals("stream")) {
            Echo.Handler.answering("one").handle(request, answer);
            return;
          }
          stream.setOnReadyHandler(() -> fill(stream, sent, stalled));
          fill(stream, sent, stalled);
        },
        retrying(0));
    var call = node.channel().newCall(Echo.WATCH, CallOptions.DEFAULT);
    List<Status> ends = new ArrayList<>();
    call.start(
        new io.grpc.ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            ends.add(status);
          }
        },
        new Metadata());
    call.sendMessage("stream");
    call.halfClose();
    call.request(1);
    Await.open(stalled);
    assertThat(node.call(Echo.READ)).isEqualTo("one");
    assertThat(sent.get()).isLessThan(1000);
    assertThat(node.counted().inFlight()).isEqualTo(1);
    call.cancel("enough", null);
    Await.until("the stream has ended", () -> node.counted().inFlight() == 0);
  }

  private static void fill(
      ServerCallStreamObserver<String> stream, AtomicInteger sent, CountDownLatch stalled) {
    while (stream.isReady() && sent.get() < 1000) {
      sent.incrementAndGet();
      stream.onNext("x".repeat(64 << 10));
    }
    stalled.countDown();
  }

  private StatusRuntimeException failure(MethodDescriptor<String, String> method) {
    return failure(node.channel(), method);
  }

  private static StatusRuntimeException failure(
      Channel channel, MethodDescriptor<String, String> method) {
    return catchThrowableOfType(
        StatusRuntimeException.class,
        () -> {
          String unused = TestNode.call(channel, method);
        });
  }
}
