package blackhole.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import blackhole.api.metrics.Metric;
import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.RemoteFallback;
import blackhole.api.rpc.BreakerState;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import blackhole.client.service.Echo;
import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deadline, limit, circuit breaker, and what goes along with a call. */
class ProtectionTest {
  /** Longer than a loaded machine stands still. */
  private static final Duration HALF_OPEN = Duration.ofSeconds(20);

  @TempDir Path folder;
  private TestNode node;

  @BeforeEach
  void open() {
    node = new TestNode(folder);
  }

  @AfterEach
  void close() throws Exception {
    node.close();
  }

  private static CallPolicy policy(int maxConcurrentCalls, int failures, Duration halfOpen) {
    return new CallPolicy(
        Duration.ofSeconds(30),
        0,
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        2,
        1 << 20,
        maxConcurrentCalls,
        failures,
        2,
        halfOpen,
        RemoteFallback.NEVER);
  }

  @Test
  void unaryCallsHaveADeadlineAndStreamsHaveNone() throws Exception {
    AtomicReference<Optional<Long>> seconds = new AtomicReference<>();
    Server unused =
        node.serve(
            "a",
            (request, answer) -> {
              seconds.set(
                  Optional.ofNullable(Context.current().getDeadline())
                      .map(deadline -> deadline.timeRemaining(SECONDS)));
              Echo.Handler.answering("one").handle(request, answer);
            });
    node.register(
        Availability.SERVING,
        CallPolicy.DEFAULT.withTimeout(Duration.ofSeconds(120)),
        node.local("a"));
    assertThat(node.call(Echo.READ)).isEqualTo("one");
    assertThat(seconds.get().orElseThrow()).isBetween(60L, 120L);
    String own =
        ClientCalls.blockingUnaryCall(
            node.channel(),
            Echo.READ,
            CallOptions.DEFAULT.withDeadlineAfter(500, SECONDS),
            "hello");
    assertThat(own).isEqualTo("one");
    assertThat(seconds.get().orElseThrow()).isBetween(121L, 500L);
    var stream =
        ClientCalls.blockingServerStreamingCall(
            node.channel(), Echo.WATCH, CallOptions.DEFAULT, "hello");
    assertThat(stream.next()).isEqualTo("one");
    assertThat(stream.hasNext()).isFalse();
    assertThat(seconds.get()).isEmpty();
  }

  @Test
  void moreCallsThanAllowedAreRefusedAtOnce() throws Exception {
    CountDownLatch arrived = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    Server unused =
        node.serve(
            "a",
            (request, answer) -> {
              arrived.countDown();
              try {
                Await.open(go);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Echo.Handler.answering("one").handle(request, answer);
            });
    node.register(Availability.SERVING, policy(2, 5, Duration.ofSeconds(30)), node.local("a"));
    ListenableFuture<String> first = async();
    ListenableFuture<String> second = async();
    Await.open(arrived);
    StatusRuntimeException e = failure(Echo.READ);
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(RpcStatus.reasonOf(e)).contains(Reasons.TOO_MANY_CALLS);
    go.countDown();
    assertThat(first.get(30, SECONDS)).isEqualTo("one");
    assertThat(second.get(30, SECONDS)).isEqualTo("one");
    assertThat(node.call(Echo.READ)).isEqualTo("one");
    assertThat(node.counted().refusedByLimit()).isEqualTo(1);
    assertThat(node.counted().calls()).isEqualTo(4);
    assertThat(node.counted().failures()).isZero();
    assertThat(series("blackhole_client_rejected_calls_total"))
        .contains(new Metric.Series(List.of("echo", "too_many_calls"), 1, List.of()));
    assertThat(durations("OK")).isEqualTo(3);
    assertThat(durations("RESOURCE_EXHAUSTED")).isEqualTo(1);
    assertThat(series("blackhole_client_breaker_state"))
        .contains(new Metric.Series(List.of("echo", "closed"), 1, List.of()));
  }

  private long durations(String code) {
    return series("rpc_client_duration_seconds").stream()
        .filter(each -> each.values().get(2).equals(code))
        .flatMap(each -> each.counts().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  private List<Metric.Series> series(String name) {
    return node.clients.metrics().stream()
        .filter(metric -> metric.name().equals(name))
        .flatMap(metric -> metric.series().stream())
        .toList();
  }

  /** Its supervisor starts another, and calls wait for that: no reason to refuse them. */
  @Test
  void callsThatAreLostWithAProcessDoNotOpenTheCircuit() throws Exception {
    CountDownLatch arrived = new CountDownLatch(8);
    TestNode.Mortal server = node.serveMortal("a", (request, answer) -> arrived.countDown());
    node.register(Availability.SERVING, policy(10, 3, HALF_OPEN), node.local("a"));
    List<ListenableFuture<String>> lost = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      lost.add(async());
    }
    Await.open(arrived);
    server.kill();
    for (ListenableFuture<String> call : lost) {
      assertThat(catchThrowableOfType(ExecutionException.class, () -> call.get(30, SECONDS)))
          .hasMessageContaining("UNAVAILABLE");
    }
    assertThat(node.counted().failed()).isEqualTo(8);
    assertThat(node.counted().failures()).isZero();
    assertThat(node.counted().breaker()).isEqualTo(BreakerState.CLOSED);
  }

  /** A service that nobody can reach opens its circuit too, and it closes by itself. */
  @Test
  void theCircuitOpensWithoutAnInstanceAndClosesAgain() throws Exception {
    Availability stopped = new Availability(Availability.State.STOPPED, "", Optional.empty());
    node.register(stopped, policy(10, 3, HALF_OPEN));
    for (int i = 0; i < 3; i++) {
      assertThat(RpcStatus.reasonOf(failure(Echo.READ))).contains(Reasons.SERVICE_STOPPED);
    }
    StatusRuntimeException e = failure(Echo.READ);
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(RpcStatus.reasonOf(e)).contains(Reasons.CIRCUIT_OPEN);
    assertThat(RpcStatus.retryAfterOf(e).orElseThrow()).isBetween(Duration.ZERO, HALF_OPEN);
    assertThat(node.counted().breaker()).isEqualTo(BreakerState.OPEN);
    assertThat(node.counted().refusedByBreaker()).isEqualTo(1);

    Server unused = node.serve("a", Echo.Handler.answering("one"));
    node.register(Availability.SERVING, policy(10, 3, HALF_OPEN), node.local("a"));
    Await.until(
        "the circuit is closed",
        () -> {
          StatusRuntimeException refused = failure(Echo.READ);
          assertThat(refused == null ? Reasons.CIRCUIT_OPEN : reason(refused))
              .isEqualTo(Reasons.CIRCUIT_OPEN);
          return node.counted().breaker() == BreakerState.CLOSED;
        });
    assertThat(node.call(Echo.READ)).isEqualTo("one");
  }

  /** Not after {@code half_open_timeout}: that there was nobody is over as soon as it is. */
  @Test
  void theCircuitTriesAtOnceWhenThereIsAnInstanceAgain() throws Exception {
    CallPolicy policy = policy(10, 3, Duration.ofHours(1));
    Availability stopped = new Availability(Availability.State.STOPPED, "", Optional.empty());
    node.register(stopped, policy);
    for (int i = 0; i < 3; i++) {
      assertThat(RpcStatus.reasonOf(failure(Echo.READ))).contains(Reasons.SERVICE_STOPPED);
    }
    assertThat(node.counted().breaker()).isEqualTo(BreakerState.OPEN);

    Server unused = node.serve("a", Echo.Handler.answering("one"));
    node.register(Availability.SERVING, policy, node.local("a"));
    assertThat(node.call(Echo.READ)).isEqualTo("one");
    assertThat(node.call(Echo.READ)).isEqualTo("one");
    assertThat(node.counted().breaker()).isEqualTo(BreakerState.CLOSED);
  }

  private static String reason(StatusRuntimeException e) {
    return RpcStatus.reasonOf(e).orElse("");
  }

  @Test
  void callersOwnErrorsLeaveTheCircuitClosed() throws Exception {
    Server unused =
        node.serve("a", (request, answer) -> answer.onError(Status.NOT_FOUND.asRuntimeException()));
    node.register(Availability.SERVING, policy(10, 2, Duration.ofSeconds(30)), node.local("a"));
    for (int i = 0; i < 20; i++) {
      assertThat(failure(Echo.READ).getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    }
    assertThat(node.counted().breaker()).isEqualTo(BreakerState.CLOSED);
    assertThat(node.counted().failures()).isZero();
    assertThat(node.counted().failed()).isEqualTo(20);
  }

  @Test
  void overridesShareTheCircuitAndTheCounters() throws Exception {
    Server unused =
        node.serve("a", (request, answer) -> answer.onError(Status.INTERNAL.asRuntimeException()));
    node.register(Availability.SERVING, policy(10, 2, Duration.ofSeconds(30)), node.local("a"));
    var other = node.clients.to("echo", p -> p.withTimeout(Duration.ofSeconds(5)));
    assertThat(failure(Echo.READ)).isNotNull();
    assertThat(
            catchThrowableOfType(
                StatusRuntimeException.class, () -> TestNode.call(other, Echo.READ)))
        .isNotNull();
    assertThat(RpcStatus.reasonOf(failure(Echo.READ))).contains(Reasons.CIRCUIT_OPEN);
    assertThat(node.clients.calls()).hasSize(1);
  }

  /** In words, on this side, and no message to the service. */
  @Test
  void aRequestThatIsTooLargeIsNotSent() throws Exception {
    Server unused = node.serve("a", Echo.Handler.answering("one"));
    node.register(Availability.SERVING, policy(10, 1, Duration.ofSeconds(30)), node.local("a"));
    StatusRuntimeException e =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> {
              var answer =
                  HealthGrpc.newBlockingStub(node.channel())
                      .check(
                          HealthCheckRequest.newBuilder().setService("x".repeat(2 << 20)).build());
              assertThat(answer).isNull();
            });
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(e.getStatus().getDescription()).contains("larger than");
    assertThat(node.counted().breaker()).isEqualTo(BreakerState.CLOSED);
    assertThat(node.call(Echo.READ)).isEqualTo("one");
  }

  /** The connection stays the one that was made under the first policy. */
  @Test
  void anAnswerMayBeAsLargeAsThePolicySaysNow() throws Exception {
    int bytes = 2 << 20;
    CallPolicy narrow = policy(10, 5, HALF_OPEN);
    assertThat(narrow.maxMessageSizeBytes()).isLessThan(bytes);
    Server unused = node.serve("a", Echo.Handler.answering("x".repeat(bytes)));
    node.register(Availability.SERVING, CallPolicy.DEFAULT, node.local("a"));
    assertThat(node.call(Echo.READ)).hasSize(bytes);
    node.register(Availability.SERVING, narrow, node.local("a"));
    assertThat(failure(Echo.READ).getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(
            ClientCalls.blockingUnaryCall(
                node.channel(),
                Echo.READ,
                CallOptions.DEFAULT.withMaxInboundMessageSize(2 * bytes),
                "hello"))
        .hasSize(bytes);
    node.register(Availability.SERVING, CallPolicy.DEFAULT, node.local("a"));
    assertThat(node.call(Echo.READ)).hasSize(bytes);
  }

  @Test
  void messagesOfNoBytesAreMessages() throws Exception {
    Server unused =
        node.serve("a", (request, answer) -> Echo.Handler.answering(request).handle("", answer));
    node.register(Availability.SERVING, CallPolicy.DEFAULT, node.local("a"));
    String answer =
        ClientCalls.blockingUnaryCall(node.channel(), Echo.READ, CallOptions.DEFAULT, "");
    assertThat(answer).isEmpty();
  }

  @Test
  void theHostsTokenAndTheCallersMetadataGoAlong() throws Exception {
    Metadata.Key<String> authorization =
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    Metadata.Key<String> token =
        Metadata.Key.of(CallerIdentity.CALL_TOKEN_HEADER, Metadata.ASCII_STRING_MARSHALLER);
    List<Metadata> seen = new CopyOnWriteArrayList<>();
    Server unused = node.serve("a", Echo.Handler.answering("one"), new HeaderRecorder(seen));
    node.register(Availability.SERVING, CallPolicy.DEFAULT, node.local("a"));
    Metadata headers = new Metadata();
    headers.put(authorization, "Bearer t");
    ClientCall<String, String> call = node.channel().newCall(Echo.READ, CallOptions.DEFAULT);
    CountDownLatch ended = new CountDownLatch(1);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            ended.countDown();
          }
        },
        headers);
    call.sendMessage("hello");
    call.halfClose();
    call.request(1);
    Await.open(ended);
    assertThat(seen.get(0).get(authorization)).isEqualTo("Bearer t");
    assertThat(seen.get(0).get(token)).isEqualTo("secret");
  }

  /** By the whole way of a call: a hundred at once, of which two are let through. */
  @Test
  void onlyTheProbesReachAServiceThatWasDown() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    Server unused =
        node.serve(
            "a",
            (request, answer) -> {
              taken.incrementAndGet();
              try {
                Await.open(go);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Echo.Handler.answering("one").handle(request, answer);
            });
    CallPolicy policy = policy(1000, 1, Duration.ofMillis(50));
    node.register(new Availability(Availability.State.STOPPED, "", Optional.empty()), policy);
    assertThat(failure(Echo.READ)).isNotNull();
    node.register(Availability.SERVING, policy, node.local("a"));
    List<ListenableFuture<String>> calls = new ArrayList<>();
    Await.until(
        "two probes are out",
        () -> {
          calls.add(async());
          return taken.get() == 2;
        });
    for (int i = 0; i < 100; i++) {
      calls.add(async());
    }
    Await.until("the rest is refused", () -> node.counted().inFlight() == 2);
    assertThat(taken).hasValue(2);
    go.countDown();
    Await.until("the probes are answered", () -> node.counted().inFlight() == 0);
    assertThat(node.counted().breaker()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void closingEndsWatchesConnectionsAndHeldCalls() throws Exception {
    node.register(
        new Availability(Availability.State.EXPECTED, "", Optional.empty()), CallPolicy.DEFAULT);
    ListenableFuture<String> held = async();
    Await.until("it is held", () -> node.counted().held() == 1);
    node.clients.close();
    Await.until("the call has ended", held::isDone);
    Await.until("nothing is watched", () -> node.directory.watches() == 0);
    // nor does anything come back to life
    assertThat(failure(Echo.READ).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  private record HeaderRecorder(List<Metadata> seen) implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      seen.add(headers);
      return next.startCall(call, headers);
    }
  }

  private ListenableFuture<String> async() {
    return ClientCalls.futureUnaryCall(
        node.channel().newCall(Echo.POST, CallOptions.DEFAULT), "hello");
  }

  private StatusRuntimeException failure(MethodDescriptor<String, String> method) {
    return catchThrowableOfType(
        StatusRuntimeException.class,
        () -> {
          String unused = node.call(method);
        });
  }
}
