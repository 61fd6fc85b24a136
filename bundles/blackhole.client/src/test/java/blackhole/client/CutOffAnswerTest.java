package blackhole.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.rpc.BreakerState;
import blackhole.client.service.Echo;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that end like killed processes, with a part of their answer on its way. */
class CutOffAnswerTest {
  @TempDir Path folder;
  private TestNode node;
  private final AtomicInteger cut = new AtomicInteger();

  /** Handlers that kill their server, or put another in its place. */
  private final AtomicInteger dying = new AtomicInteger();

  @BeforeEach
  void open() {
    node = new TestNode(folder);
  }

  @AfterEach
  void close() throws Exception {
    // a call may have failed, and its test ended, while its handler still makes the next server
    Await.until("no server is being made", () -> dying.get() == 0);
    node.close();
  }

  private static CallPolicy retrying(int maxRetries) {
    CallPolicy usual = CallPolicy.DEFAULT;
    return new CallPolicy(
        usual.timeout(),
        maxRetries,
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        1.5,
        usual.maxMessageSizeBytes(),
        usual.maxConcurrentCalls(),
        1,
        1,
        usual.halfOpenTimeout(),
        usual.remoteFallback());
  }

  /** What has been sent of an answer when its process ends. */
  enum Part {
    HEADERS {
      @Override
      void send(ServerCall<String, String> call) {
        call.sendHeaders(new Metadata());
      }
    },
    ALL_BUT_THE_STATUS {
      @Override
      void send(ServerCall<String, String> call) {
        call.sendHeaders(new Metadata());
        call.sendMessage("never to be seen");
      }
    };

    abstract void send(ServerCall<String, String> call);
  }

  /** On the wire it is the same, but here gRPC sends each part at once. */
  private static MethodDescriptor<String, String> inParts(MethodDescriptor<String, String> method) {
    return method.toBuilder().setType(MethodType.BIDI_STREAMING).build();
  }

  private static ServerServiceDefinition answering(Consumer<ServerCall<String, String>> answer) {
    ServerCallHandler<String, String> handler =
        (call, headers) -> {
          call.request(1);
          return new ServerCall.Listener<>() {
            @Override
            public void onHalfClose() {
              answer.accept(call);
            }
          };
        };
    return ServerServiceDefinition.builder("test.Echo")
        .addMethod(inParts(Echo.READ), handler)
        .addMethod(inParts(Echo.POST), handler)
        .addMethod(inParts(Echo.UPLOAD), handler)
        .build();
  }

  /** Dies with a part of each answer, as often as said, and each time another takes its place. */
  private void serveAndDie(Part part, int deaths) throws Exception {
    // a call may come before it is known here which server that is
    CompletableFuture<TestNode.Mortal> server = new CompletableFuture<>();
    server.complete(
        node.serveMortal(
            "a",
            answering(
                call -> {
                  dying.incrementAndGet();
                  try {
                    part.send(call);
                    cut.incrementAndGet();
                    server.join().kill();
                    serveNext(part, deaths - 1);
                  } finally {
                    dying.decrementAndGet();
                  }
                })));
  }

  private void serveNext(Part part, int deaths) {
    try {
      if (deaths > 0) {
        serveAndDie(part, deaths);
      } else {
        var unused = node.serveMortal("a", answering(CutOffAnswerTest::answerAll));
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void answerAll(ServerCall<String, String> call) {
    call.sendHeaders(new Metadata());
    call.sendMessage("next");
    call.close(Status.OK, new Metadata());
  }

  @ParameterizedTest
  @EnumSource
  void whatMayBeRepeatedIsMadeAgain(Part part) throws Exception {
    serveAndDie(part, 2);
    node.register(Availability.SERVING, retrying(3), node.local("a"));
    assertThat(node.call(Echo.READ)).isEqualTo("next");
    assertThat(cut).hasValue(2);
    assertThat(node.counted().calls()).isEqualTo(1);
    assertThat(node.counted().failed()).isZero();
    assertThat(node.counted().retries()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void whatMayNotFailsAndLeavesTheCircuitClosed(Part part) throws Exception {
    serveAndDie(part, 1);
    node.register(Availability.SERVING, retrying(3), node.local("a"));
    assertThat(failure(Echo.POST).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(cut).hasValue(1);
    assertThat(node.counted().retries()).isZero();
    assertThat(node.counted().breaker()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void notMoreOftenThanThePolicySays() throws Exception {
    serveAndDie(Part.HEADERS, 5);
    node.register(Availability.SERVING, retrying(2), node.local("a"));
    assertThat(failure(Echo.READ).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(cut).hasValue(3);
    assertThat(node.counted().retries()).isEqualTo(2);
    assertThat(node.counted().failed()).isEqualTo(1);
  }

  /** A client's stream is sent again from its first message. */
  @ParameterizedTest
  @EnumSource
  void uploadsAreMadeAgainToo(Part part) throws Exception {
    serveAndDie(part, 1);
    node.register(Availability.SERVING, retrying(3), node.local("a"));
    Recorder recorder = new Recorder();
    ClientCall<String, String> call = node.channel().newCall(Echo.UPLOAD, CallOptions.DEFAULT);
    call.start(recorder, new Metadata());
    call.request(2);
    call.sendMessage("hello");
    call.halfClose();
    Await.open(recorder.ended);
    assertThat(cut).hasValue(1);
    assertThat(recorder.heard).containsExactly("headers", "next", "OK");
  }

  /** The status came: what the server said is what the caller gets, and counts as its failure. */
  @Test
  void anAnswerWithAStatusIsHandedOnAsItIs() throws Exception {
    var unused =
        node.serveMortal(
            "a",
            answering(
                call -> {
                  cut.incrementAndGet();
                  call.sendHeaders(new Metadata());
                  call.sendMessage("half");
                  call.close(Status.UNAVAILABLE.withDescription("no disk"), new Metadata());
                }));
    node.register(Availability.SERVING, retrying(3), node.local("a"));
    Recorder recorder = new Recorder();
    ClientCall<String, String> call = node.channel().newCall(Echo.READ, CallOptions.DEFAULT);
    call.start(recorder, new Metadata());
    call.request(2);
    call.sendMessage("hello");
    call.halfClose();
    Await.open(recorder.ended);
    assertThat(recorder.heard).containsExactly("headers", "half", "UNAVAILABLE");
    assertThat(cut).hasValue(1);
    assertThat(node.counted().breaker()).isEqualTo(BreakerState.OPEN);
  }

  /** The half of an answer that is there keeps nobody waiting longer than the call may. */
  @Test
  void aHeldAnswerEndsWithItsDeadlineOrItsCaller() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    var unused =
        node.serveMortal(
            "a",
            answering(
                call -> {
                  Part.ALL_BUT_THE_STATUS.send(call);
                  sent.incrementAndGet();
                }));
    node.register(Availability.SERVING, retrying(0), node.local("a"));
    var left =
        ClientCalls.futureUnaryCall(
            node.channel().newCall(Echo.POST, CallOptions.DEFAULT), "hello");
    // first, so that the deadline of the other is not spent on the connection
    Await.until("half of an answer is sent", () -> sent.get() == 1);
    var late =
        ClientCalls.futureUnaryCall(
            node.channel().newCall(Echo.POST, CallOptions.DEFAULT.withDeadlineAfter(5, SECONDS)),
            "hello");
    Await.until("half of the other is sent", () -> sent.get() == 2);
    assertThat(left.cancel(true)).isTrue();
    Await.until("both have ended", () -> node.counted().inFlight() == 0 && late.isDone());
    assertThat(node.counted().deadlineExceeded()).isEqualTo(1);
  }

  private StatusRuntimeException failure(MethodDescriptor<String, String> method) {
    return catchThrowableOfType(
        StatusRuntimeException.class,
        () -> {
          String unused = node.call(method);
        });
  }

  /** What a caller hears, in order. */
  private static final class Recorder extends ClientCall.Listener<String> {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    @Override
    public void onHeaders(Metadata headers) {
      heard.add("headers");
    }

    @Override
    public void onMessage(String message) {
      heard.add(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      heard.add(status.getCode().name());
      ended.countDown();
    }
  }
}
