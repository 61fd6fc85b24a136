package blackhole.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import blackhole.api.supervision.InstanceHealth;
import blackhole.client.service.Echo;
import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of calls while nobody is there to take them. */
class HoldOrFailTest {
  private static final Availability EXPECTED =
      new Availability(Availability.State.EXPECTED, "echo is being started", Optional.empty());

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

  /** At once, and with the reason, even for a call that would wait for readiness. */
  @Test
  void anUnknownNameIsRefusedAtOnce() {
    Channel nobody = node.clients.to("no such service/%");
    StatusRuntimeException e = failure(nobody, CallOptions.DEFAULT.withWaitForReady());
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(e.getStatus().getDescription()).contains("no such service/%");
    assertThat(e.getStatus().getCause()).isNull();
    assertThat(RpcStatus.reasonOf(e)).contains(Reasons.SERVICE_NOT_FOUND);
  }

  @Test
  void anUnknownNameWaitsWhileTheRegistryIsNotComplete() throws Exception {
    node.directory.setComplete(false);
    ListenableFuture<String> held = hold(Context.current());
    node.directory.setComplete(true);
    StatusRuntimeException e = failure(held);
    assertThat(RpcStatus.reasonOf(e)).contains(Reasons.SERVICE_NOT_FOUND);
  }

  @Test
  void aStoppedServiceFailsAtOnceAndIsNotRetried() throws Exception {
    node.register(
        new Availability(Availability.State.STOPPED, "stopped by ada", Optional.empty()),
        CallPolicy.DEFAULT);
    StatusRuntimeException e = failure(node.channel(), CallOptions.DEFAULT.withWaitForReady());
    assertThat(e.getStatus().getDescription()).isEqualTo("stopped by ada");
    assertThat(RpcStatus.reasonOf(e)).contains(Reasons.SERVICE_STOPPED);
    assertThat(node.counted().retries()).isZero();
    assertThat(node.counted().held()).isZero();
  }

  @Test
  void aServiceThatWasGivenUpFailsAtOnce() throws Exception {
    node.register(
        new Availability(Availability.State.FAILED, "", Optional.empty()), CallPolicy.DEFAULT);
    StatusRuntimeException e = failure(node.channel(), CallOptions.DEFAULT);
    assertThat(RpcStatus.reasonOf(e)).contains(Reasons.SERVICE_FAILED);
  }

  @Test
  void aServiceThatIsUnhealthyEverywhereFailsAtOnceAndSaysWhy() throws Exception {
    node.register(
        Availability.SERVING,
        CallPolicy.DEFAULT,
        node.local("a", InstanceHealth.UNHEALTHY),
        node.local("b", InstanceHealth.UNHEALTHY));
    StatusRuntimeException e = failure(node.channel(), CallOptions.DEFAULT);
    assertThat(RpcStatus.reasonOf(e)).contains(Reasons.SERVICE_UNHEALTHY);
    assertThat(e.getStatus().getDescription()).contains("its disk is full");
  }

  @Test
  void whatOwesAnAnswerToAHealthCheckIsCalledWhereNothingElseIs() throws Exception {
    Server unused = node.serve("late", Echo.Handler.answering("late"));
    Server alsoUnused = node.serve("b", Echo.Handler.answering("b"));
    node.register(
        Availability.SERVING,
        CallPolicy.DEFAULT,
        node.local("a", InstanceHealth.UNHEALTHY),
        node.local("late", InstanceHealth.UNREACHABLE));
    assertThat(node.call(Echo.POST)).isEqualTo("late");

    node.register(
        Availability.SERVING,
        CallPolicy.DEFAULT,
        node.local("late", InstanceHealth.UNREACHABLE),
        node.local("b"));
    Await.until("the other one is called", () -> node.call(Echo.POST).equals("b"));
  }

  @Test
  void callsWaitForAServiceThatIsExpected() throws Exception {
    node.register(EXPECTED, CallPolicy.DEFAULT);
    ListenableFuture<String> held = hold(Context.current());
    ListenableFuture<String> other = hold(Context.current());
    Server unused = node.serve("a", Echo.Handler.answering("one"));
    node.register(Availability.SERVING, CallPolicy.DEFAULT, node.local("a"));
    assertThat(held.get(30, SECONDS)).isEqualTo("one");
    assertThat(other.get(30, SECONDS)).isEqualTo("one");
    assertThat(node.counted().held()).isEqualTo(2);
    assertThat(node.counted().inFlight()).isZero();
  }

  @Test
  void aHeldCallFailsWhenTheServiceIsGivenUp() throws Exception {
    node.register(EXPECTED, CallPolicy.DEFAULT);
    ListenableFuture<String> held = hold(Context.current());
    node.register(
        new Availability(Availability.State.FAILED, "", Optional.empty()), CallPolicy.DEFAULT);
    assertThat(RpcStatus.reasonOf(failure(held))).contains(Reasons.SERVICE_FAILED);
  }

  @Test
  void aRestartAfterTheCallsDeadlineFailsAtOnceAndSaysWhen() throws Exception {
    node.register(
        new Availability(
            Availability.State.EXPECTED,
            "echo waits 20 s before its restart",
            Optional.of(Deadline.after(20, SECONDS))),
        CallPolicy.DEFAULT);
    StatusRuntimeException e =
        failure(node.channel(), CallOptions.DEFAULT.withDeadlineAfter(10, SECONDS));
    assertThat(e.getStatus().getDescription()).isEqualTo("echo waits 20 s before its restart");
    assertThat(RpcStatus.reasonOf(e)).contains(Reasons.SERVICE_NOT_READY);
    assertThat(RpcStatus.retryAfterOf(e).orElseThrow())
        .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20));
  }

  /** Also where the deadline comes from the call that is being served. */
  @Test
  void theContextsDeadlineCounts() throws Exception {
    node.register(
        new Availability(
            Availability.State.EXPECTED, "later", Optional.of(Deadline.after(20, SECONDS))),
        CallPolicy.DEFAULT);
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    try (Context.CancellableContext context =
        Context.current().withDeadlineAfter(10, SECONDS, timer)) {
      StatusRuntimeException e = context.call(() -> failure(node.channel(), CallOptions.DEFAULT));
      assertThat(RpcStatus.reasonOf(e)).contains(Reasons.SERVICE_NOT_READY);
    } finally {
      var unused = timer.shutdownNow();
    }
  }

  @Test
  void aHeldCallEndsWithItsDeadlineAndSaysWhatItWaitedFor() throws Exception {
    // another call first, so that the deadline is not spent on making the channel
    assertThat(failure(node.channel(), CallOptions.DEFAULT)).isNotNull();
    node.register(EXPECTED, CallPolicy.DEFAULT);
    StatusRuntimeException e =
        failure(node.channel(), CallOptions.DEFAULT.withDeadlineAfter(3, SECONDS));
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(e.getStatus().getDescription()).contains("echo is being started");
    assertThat(node.counted().deadlineExceeded()).isEqualTo(1);
    assertThat(node.counted().held()).isEqualTo(1);
  }

  @Test
  void aHeldCallThatIsCancelledEndsAtOnce() throws Exception {
    node.register(EXPECTED, CallPolicy.DEFAULT);
    Context.CancellableContext context = Context.current().withCancellation();
    ListenableFuture<String> held = hold(context);
    context.cancel(null);
    assertThat(failure(held).getStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
    Await.until("nothing in flight", () -> node.counted().inFlight() == 0);
  }

  /** The registry has it, its process is gone: gRPC alone would fail these at once. */
  @Test
  void callsWaitForAConnectionThatIsLost() throws Exception {
    Server first = node.serve("a", Echo.Handler.answering("first"));
    node.register(Availability.SERVING, CallPolicy.DEFAULT, node.local("a"));
    assertThat(node.call(Echo.POST)).isEqualTo("first");
    // not at once: it ends when the client has left, so that no call is made on the old connection
    assertThat(first.shutdown().awaitTermination(30, SECONDS)).isTrue();
    ListenableFuture<String> held = hold(Context.current());
    Server unused = node.serve("a", Echo.Handler.answering("second"));
    assertThat(held.get(30, SECONDS)).isEqualTo("second");
  }

  @Test
  void aConnectionThatNeverComesFailsTheCallInWords() throws Exception {
    node.register(Availability.SERVING, CallPolicy.DEFAULT, node.local("nobody"));
    StatusRuntimeException e = failure(node.channel(), CallOptions.DEFAULT);
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(e.getStatus().getDescription()).contains("echo cannot be reached");
    assertThat(RpcStatus.reasonOf(e)).contains(Reasons.SERVICE_NOT_READY);
    assertThat(node.counted().retries()).isZero();
  }

  /** Many restarts at one path, each found again. */
  @Test
  void aRestartedInstanceIsFoundAtOnce() throws Exception {
    for (int i = 0; i < 5; i++) {
      Server server = node.serve("a", Echo.Handler.answering("run " + i));
      node.register(Availability.SERVING, CallPolicy.DEFAULT, node.local("a"));
      assertThat(node.call(Echo.POST)).isEqualTo("run " + i);
      node.register(EXPECTED, CallPolicy.DEFAULT);
      TestNode.stop(server);
    }
  }

  /** What a drain relies on. */
  @Test
  void noNewCallGoesToAnInstanceOnceTheWatchHasAnswered() throws Exception {
    AtomicInteger leaving = new AtomicInteger();
    Server unusedA =
        node.serve(
            "a",
            (request, answer) -> {
              leaving.incrementAndGet();
              Echo.Handler.answering("a").handle(request, answer);
            });
    Server unusedB = node.serve("b", Echo.Handler.answering("b"));
    node.register(Availability.SERVING, CallPolicy.DEFAULT, node.local("a"), node.local("b"));
    Await.until("both are called", () -> node.call(Echo.POST).equals("a"));
    Await.until("both are called", () -> node.call(Echo.POST).equals("b"));

    node.register(Availability.SERVING, CallPolicy.DEFAULT, node.local("b"));
    int before = leaving.get();
    for (int i = 0; i < 50; i++) {
      assertThat(node.call(Echo.POST)).isEqualTo("b");
    }
    assertThat(leaving).hasValue(before);
  }

  /** A call that waits for an instance. */
  private ListenableFuture<String> hold(Context context) throws Exception {
    Channel channel = node.channel();
    long before = node.counted().held();
    ListenableFuture<String> call =
        context.call(
            () ->
                ClientCalls.futureUnaryCall(
                    channel.newCall(Echo.POST, CallOptions.DEFAULT), "hello"));
    Await.until("the call is held", () -> call.isDone() || node.counted().held() > before);
    assertThat(call.isDone()).isFalse();
    return call;
  }

  private static StatusRuntimeException failure(Channel channel, CallOptions options) {
    return catchThrowableOfType(
        StatusRuntimeException.class,
        () -> {
          String unused = ClientCalls.blockingUnaryCall(channel, Echo.READ, options, "hello");
        });
  }

  private static StatusRuntimeException failure(ListenableFuture<String> call) throws Exception {
    ExecutionException e =
        catchThrowableOfType(ExecutionException.class, () -> call.get(30, SECONDS));
    return (StatusRuntimeException) e.getCause();
  }
}
