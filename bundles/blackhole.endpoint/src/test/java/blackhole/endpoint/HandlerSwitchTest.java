package blackhole.endpoint;

import static blackhole.endpoint.EndpointFixture.options;
import static blackhole.endpoint.EndpointFixture.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import blackhole.api.observe.ActiveSpan;
import blackhole.api.observe.Span;
import blackhole.api.observe.Tracer;
import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import blackhole.api.rpc.ServerCallScope;
import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles 1 and 2, and what their handlers' callers see while one makes way for the other. */
class HandlerSwitchTest {
  private static final long OLD = 1;
  private static final long NEW = 2;
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path directory;
  private EndpointFixture fixture;
  private ServiceTable table;
  private ManagedChannel channel;

  @BeforeEach
  void open() throws Exception {
    fixture = EndpointFixture.open(directory.resolve("s"));
    fixture.endpoint.setServing(true);
    table = fixture.services;
    table.add(1, 0, OLD, new EchoService(text -> "old"));
    channel = fixture.channel();
    assertThat(say(channel, "?")).isEqualTo("old");
  }

  @AfterEach
  void close() {
    fixture.close();
    table.close();
  }

  @Test
  void whatIsKeptBackIsServedAfterTheSwitchAndTheOldOneGoes() throws Exception {
    table.keepBack(NEW);
    table.add(2, 100, NEW, new EchoService(text -> "new"));
    assertThat(table.keptBack(NEW)).containsExactly(EchoService.NAME);
    assertThat(say(channel, "?")).isEqualTo("old");

    table.serve(OLD, NEW);

    assertThat(say(channel, "?")).isEqualTo("new");
    assertThat(table.drain(OLD, LONG, LONG)).isZero();
    table.remove(1);
    table.forget(OLD);
    assertThat(say(channel, "?")).isEqualTo("new");
  }

  @Test
  void callsWaitWhileThereIsNoHandlerAndHealthAndReflectionGoOn() throws Exception {
    table.hold(OLD);
    List<ListenableFuture<String>> waiting = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      waiting.add(ClientCalls.futureUnaryCall(channel.newCall(EchoService.say(), options()), "?"));
    }
    Await.until("all have arrived", () -> fixture.calls.active() == 50);
    assertThat(table.drain(OLD, LONG, LONG)).isZero();
    table.remove(1);

    assertThat(
            HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.newBuilder().setService(EchoService.NAME).build())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
    assertThat(table.getServices())
        .extracting(service -> service.getServiceDescriptor().getName())
        .containsExactly(EchoService.NAME);
    CallOptions brief = CallOptions.DEFAULT.withDeadlineAfter(50, TimeUnit.MILLISECONDS);
    assertThat(
            EndpointFixture.status(
                    () -> ClientCalls.blockingUnaryCall(channel, EchoService.say(), brief, "?"))
                .getCode())
        .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(waiting).noneMatch(ListenableFuture::isDone);

    table.keepBack(NEW);
    table.add(2, 0, NEW, new EchoService(text -> "new"));
    assertThat(waiting).noneMatch(ListenableFuture::isDone);
    table.serve(OLD, NEW);

    for (ListenableFuture<String> call : waiting) {
      assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo("new");
    }
  }

  /** Who reads a stream can take it up again; nobody else is to wait for that. */
  @Test
  void streamsEndAndWaitBeforeOtherCallsDo() throws Exception {
    Iterator<String> stream = follow("?");
    assertThat(stream.next()).isEqualTo("old");

    assertThat(table.endStreams(OLD, Duration.ZERO)).isEqualTo(1);

    assertEnded(stream);
    assertThat(say(channel, "?")).isEqualTo("old");
    Iterator<String> again = follow("?");
    Await.until("it has come again", () -> fixture.calls.active() == 1);
    assertThat(say(channel, "?")).isEqualTo("old");

    table.hold(OLD);
    ListenableFuture<String> waiting =
        ClientCalls.futureUnaryCall(channel.newCall(EchoService.say(), options()), "?");
    Await.until("both wait", () -> fixture.calls.active() == 2);
    assertThat(table.drain(OLD, LONG, LONG)).isZero();
    table.remove(1);
    table.keepBack(NEW);
    table.add(2, 0, NEW, new EchoService(text -> "new"));
    assertThat(waiting).isNotDone();
    table.serve(OLD, NEW);

    assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo("new");
    assertThat(again.next()).isEqualTo("new");
  }

  @Test
  void streamsThatEndInTimeAreNotEndedByUs() throws Exception {
    ManagedChannel own = fixture.channel();
    Iterator<String> stream =
        ClientCalls.blockingServerStreamingCall(own, EchoService.follow(), options(), "?");
    assertThat(stream.next()).isEqualTo("old");
    CompletableFuture<Integer> ended =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return table.endStreams(OLD, LONG);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    own.shutdownNow();
    assertThat(ended).succeedsWithin(LONG).isEqualTo(0);
  }

  /** What was in flight then is waited for by the next attempt all the same. */
  @Test
  void whereOnlyStreamsWaitedAllIsAsBeforeOnceTheyAreGivenBack() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    table.remove(1);
    table.add(
        3,
        0,
        OLD,
        EchoService.both(
            (request, observer) -> {
              begun.countDown();
              uninterruptibly(release);
              observer.onNext("slow");
              observer.onCompleted();
            }));
    ListenableFuture<String> unary =
        ClientCalls.futureUnaryCall(channel.newCall(EchoService.say(), options()), "?");
    Await.open(begun);
    assertThat(table.endStreams(OLD, Duration.ZERO)).isZero();
    Iterator<String> waiting = follow("?");

    table.restore(OLD);

    assertThat(waiting.next()).isEqualTo("followed");
    table.hold(OLD);
    // the stream, and the call that came before all of this
    assertThat(table.drain(OLD, Duration.ZERO, Duration.ZERO)).isEqualTo(2);
    release.countDown();
    assertEnded(waiting);
    assertThat(unary)
        .failsWithin(LONG)
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("UNAVAILABLE");
  }

  private static void assertEnded(Iterator<String> stream) {
    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(stream::hasNext)
        .satisfies(e -> assertThat(RpcStatus.reasonOf(e)).contains(Reasons.DRAINING));
  }

  private Iterator<String> follow(String text) {
    return ClientCalls.blockingServerStreamingCall(channel, EchoService.follow(), options(), text);
  }

  @Test
  void anUpdateThatFailsGivesTheCallsBackToTheOldOne() throws Exception {
    List<Span> spans = new CopyOnWriteArrayList<>();
    Tracer tracer = new Tracer(spans::addAll);
    tracer.record(1);
    fixture.tracer = tracer;
    table.hold(OLD);
    ListenableFuture<String> waiting =
        ClientCalls.futureUnaryCall(channel.newCall(EchoService.say(), options()), "?");
    Await.until("it has arrived", () -> fixture.calls.active() == 1);
    table.remove(1);
    table.keepBack(OLD);
    table.add(3, 0, OLD, new EchoService(text -> "old again"));

    table.restore(OLD);

    assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo("old again");
    assertThat(say(channel, "?")).isEqualTo("old again");
    Await.until("both have ended", () -> spans.size() == 2);
    assertThat(spans)
        .filteredOn(span -> span.attributes().containsKey(ActiveSpan.HELD))
        .singleElement()
        .satisfies(span -> assertThat(span.attributes()).containsKey(ActiveSpan.HELD_MILLIS));
  }

  @Test
  void callsInFlightFinishWhereTheyBeganAndStreamsAreToldToComeAgain() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicReference<String> slow = new AtomicReference<>();
    table.keepBack(NEW);
    table.add(2, 0, NEW, new EchoService(text -> "new"));
    table.serve(OLD, NEW);
    // from here on the second is the old one
    table.remove(1);
    table.keepBack(3);
    table.add(3, 0, 3, new EchoService(text -> "third"));
    Iterator<String> stream =
        ClientCalls.blockingServerStreamingCall(channel, EchoService.follow(), options(), "?");
    assertThat(stream.next()).isEqualTo("new");
    BindableService blocking =
        EchoService.answering(
            (request, observer) -> {
              slow.set(request);
              uninterruptibly(release);
              observer.onNext("slow");
              observer.onCompleted();
            });
    table.add(4, 50, NEW, blocking);
    ListenableFuture<String> unary =
        ClientCalls.futureUnaryCall(channel.newCall(EchoService.say(), options()), "?");
    Await.until("it has begun", () -> slow.get() != null);

    table.serve(NEW, 3);
    CompletableFuture<Integer> drained =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return table.drain(NEW, Duration.ZERO, LONG);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });

    assertThat(say(channel, "?")).isEqualTo("third");
    try {
      assertThat(stream.hasNext()).isFalse();
      throw new AssertionError("the stream was to be ended");
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(RpcStatus.reasonOf(e)).contains(Reasons.DRAINING);
      assertThat(RpcStatus.retryAfterOf(e)).isPresent();
    }
    assertThat(drained).isNotDone();
    release.countDown();
    assertThat(unary.get(20, TimeUnit.SECONDS)).isEqualTo("slow");
    assertThat(drained).succeedsWithin(LONG).isEqualTo(1);
  }

  /** A→B→A, with A on hold: the second call must not wait for what waits for it. */
  @Test
  void aCallThatComesBackEntersWhereItCameFrom() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    table.remove(1);
    table.add(
        5,
        0,
        OLD,
        EchoService.answering(
            (request, observer) -> {
              if (request.equals("inner")) {
                observer.onNext("inner");
                observer.onCompleted();
                return;
              }
              // as the client path would, and whoever is in between
              String chain = ServerCallScope.current().chain();
              begun.countDown();
              uninterruptibly(held);
              Metadata headers = new Metadata();
              headers.put(
                  Metadata.Key.of(ServerCallScope.CHAIN_HEADER, Metadata.ASCII_STRING_MARSHALLER),
                  chain + ",0123456789abcdef");
              observer.onNext(
                  ClientCalls.blockingUnaryCall(
                      ClientInterceptors.intercept(
                          channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
                      EchoService.say(),
                      options(),
                      "inner"));
              observer.onCompleted();
            }));
    ListenableFuture<String> outer =
        ClientCalls.futureUnaryCall(channel.newCall(EchoService.say(), options()), "outer");
    Await.open(begun);
    table.hold(OLD);
    ListenableFuture<String> stranger =
        ClientCalls.futureUnaryCall(channel.newCall(EchoService.say(), options()), "inner");
    held.countDown();

    assertThat(outer.get(20, TimeUnit.SECONDS)).isEqualTo("inner");
    assertThat(table.drain(OLD, LONG, LONG)).isZero();
    assertThat(stranger.isDone()).isFalse();
    table.restore(OLD);
    assertThat(stranger.get(20, TimeUnit.SECONDS)).isEqualTo("inner");
  }

  @Test
  void noCallFailsWhileBundlesTakeTurns() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger answers = new AtomicInteger();
    List<CompletableFuture<Void>> callers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      callers.add(
          CompletableFuture.runAsync(
              () -> {
                while (!done.get()) {
                  assertThat(say(channel, "?")).isIn("old", "even", "odd");
                  answers.incrementAndGet();
                }
              }));
    }
    for (int bundle = 2; bundle < 15; bundle++) {
      int before = answers.get();
      Await.until(
          "calls go on",
          () ->
              answers.get() > before + 20 || callers.stream().anyMatch(CompletableFuture::isDone));
      replace(bundle - 1, bundle, bundle % 3 == 0);
    }
    done.set(true);
    for (CompletableFuture<Void> caller : callers) {
      assertThat(caller).succeedsWithin(LONG);
    }
  }

  private void replace(int from, int to, boolean inTurn) throws InterruptedException {
    if (inTurn) {
      assertThat(table.endStreams(from, Duration.ZERO)).isZero();
      table.hold(from);
      assertThat(table.drain(from, LONG, LONG)).isZero();
      table.remove(from);
    }
    table.keepBack(to);
    table.add(to, 0, to, new EchoService(text -> to % 2 == 0 ? "even" : "odd"));
    table.serve(from, to);
    if (!inTurn) {
      assertThat(table.drain(from, LONG, LONG)).isZero();
      table.remove(from);
    }
    table.forget(from);
  }

  private static void uninterruptibly(CountDownLatch latch) {
    try {
      Await.open(latch);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
