package blackhole.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import blackhole.api.observe.ActiveSpan;
import blackhole.api.observe.Span;
import blackhole.api.observe.TraceContext;
import blackhole.api.observe.Tracer;
import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.client.service.Echo;
import blackhole.client.service.ServiceClients;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a call's trace tells of it, and what is sent along. */
class TracingTest {
  private static final TraceContext PARENT = TraceContext.root(true);

  private static final Metadata.Key<String> STATE =
      Metadata.Key.of("tracestate", Metadata.ASCII_STRING_MARSHALLER);

  @TempDir Path folder;
  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final Tracer tracer = new Tracer(spans::addAll);
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final List<String> states = new CopyOnWriteArrayList<>();
  private final AtomicInteger attempts = new AtomicInteger();
  private TestNode node;

  @BeforeEach
  void open() {
    node =
        new TestNode(
            folder,
            null,
            (directory, identity, transports) ->
                new ServiceClients(directory, identity, transports, () -> tracer));
  }

  @AfterEach
  void close() throws Exception {
    node.close();
  }

  private void serve(int failures, int maxRetries, int failureThreshold) throws Exception {
    Server unused =
        node.serve(
            "a",
            (request, answer) -> {
              if (attempts.incrementAndGet() <= failures) {
                answer.onError(Status.UNAVAILABLE.withDescription("not yet").asRuntimeException());
              } else {
                answer.onNext("here");
                answer.onCompleted();
              }
            },
            new ServerInterceptor() {
              @Override
              public <Q, R> ServerCall.Listener<Q> interceptCall(
                  ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                Iterable<String> all = headers.getAll(TraceContext.HEADER);
                sent.add(all == null ? "" : String.join(" ", all));
                Iterable<String> further = headers.getAll(STATE);
                states.add(further == null ? "" : String.join(" ", further));
                return next.startCall(call, headers);
              }
            });
    CallPolicy policy =
        new CallPolicy(
            Duration.ofSeconds(60),
            maxRetries,
            Duration.ofMillis(1),
            Duration.ofMillis(5),
            1.5,
            1 << 20,
            1024,
            failureThreshold,
            2,
            Duration.ofSeconds(30),
            CallPolicy.DEFAULT.remoteFallback());
    node.register(Availability.SERVING, policy, node.local("a"));
  }

  private static Context parent() {
    return PARENT.in(Context.ROOT);
  }

  private StatusRuntimeException failure() {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> parent().run(() -> node.call(Echo.READ)));
  }

  @Test
  void aCallOutsideOfTracesSaysNothing() throws Exception {
    serve(0, 0, 10);
    tracer.record(0);
    assertThat(node.call(Echo.READ)).isEqualTo("here");
    assertThat(sent).containsExactly("");
    assertThat(spans).isEmpty();
  }

  @Test
  void theOtherSideIsToldWhichSpanCalls() throws Exception {
    serve(0, 0, 10);
    tracer.record(0);
    parent().run(() -> node.call(Echo.READ));
    assertThat(spans)
        .singleElement()
        .satisfies(
            span -> {
              assertThat(span.traceId()).isEqualTo(PARENT.traceId());
              assertThat(span.parentId()).isEqualTo(PARENT.spanIdText());
              assertThat(span.kind()).isEqualTo(Span.Kind.CLIENT);
              assertThat(span.name()).isEqualTo("test.Echo/Read");
              assertThat(span.attributes()).containsEntry("server.address", "echo");
              assertThat(span.error()).isEmpty();
              assertThat(sent).containsExactly("00-" + span.traceId() + "-" + span.id() + "-01");
            });
  }

  @Test
  void retriesAreSpansOfTheirOwn() throws Exception {
    serve(2, 3, 10);
    tracer.record(0);
    parent().run(() -> node.call(Echo.READ));
    Span call =
        spans.stream()
            .filter(span -> span.parentId().equals(PARENT.spanIdText()))
            .findFirst()
            .orElseThrow();
    assertThat(call.attributes())
        .containsEntry("blackhole.retries", "2")
        .containsEntry("blackhole.first_attempt", "UNAVAILABLE");
    List<Span> retries = spans.stream().filter(span -> span.parentId().equals(call.id())).toList();
    assertThat(spans).hasSize(3);
    assertThat(retries)
        .extracting(span -> Objects.requireNonNull(span.attributes().get("blackhole.retry")))
        .containsExactly("1", "2");
    assertThat(retries.get(0).error()).isEqualTo("UNAVAILABLE: not yet");
    assertThat(retries.get(1).error()).isEmpty();
    assertThat(sent)
        .as("each attempt has one parent, and its own")
        .containsExactly(
            "00-" + PARENT.traceId() + "-" + call.id() + "-01",
            "00-" + PARENT.traceId() + "-" + retries.get(0).id() + "-01",
            "00-" + PARENT.traceId() + "-" + retries.get(1).id() + "-01");
  }

  @Test
  void aRefusalByTheBreakerIsASpan() throws Exception {
    serve(Integer.MAX_VALUE, 0, 1);
    tracer.record(0);
    assertThat(failure()).hasMessageContaining("not yet");
    assertThat(failure()).hasMessageContaining("too many of the last calls");
    assertThat(sent).hasSize(1);
    assertThat(spans).hasSize(2);
    assertThat(spans.get(1).attributes()).containsEntry("blackhole.refused", "CIRCUIT_OPEN");
    assertThat(spans.get(1).error()).startsWith("UNAVAILABLE");
  }

  @Test
  void whatIsNotRecordedIsHandedOn() throws Exception {
    serve(0, 0, 10);
    TraceContext unsampled = TraceContext.root(false);
    tracer.record(1);
    unsampled.in(Context.ROOT).run(() -> node.call(Echo.READ));
    assertThat(sent).containsExactly(unsampled.header());
    assertThat(spans).isEmpty();

    tracer.stop();
    parent().run(() -> node.call(Echo.READ));
    assertThat(sent).last().isEqualTo(PARENT.header());
    assertThat(spans).isEmpty();
  }

  @Test
  void whatOtherTracersSendAlongGoesOnAsItCame() throws Exception {
    serve(2, 3, 10);
    tracer.record(0);
    Metadata headers = new Metadata();
    headers.put(TraceContext.HEADER, PARENT.header());
    headers.put(STATE, "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
    headers.put(STATE, "blue=1");
    TraceContext parent = Objects.requireNonNull(TraceContext.of(headers));

    parent.in(Context.ROOT).run(() -> node.call(Echo.READ));

    assertThat(states)
        .as("with each attempt")
        .hasSize(3)
        .containsOnly("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE,blue=1");
    assertThat(sent).allMatch(header -> header.startsWith("00-" + PARENT.traceId()));
  }

  @Test
  void aCallThatWaitedSaysForWhatAndHowLong() throws Exception {
    serve(0, 0, 10);
    tracer.record(0);
    node.register(
        new Availability(Availability.State.EXPECTED, "starts", Optional.empty()),
        CallPolicy.DEFAULT);
    Channel channel = node.channel();
    CompletableFuture<Void> call =
        CompletableFuture.runAsync(
            () ->
                parent()
                    .run(() -> assertThat(TestNode.call(channel, Echo.READ)).isEqualTo("here")));
    Await.until("the call waits", () -> node.counted().held() == 1);
    node.register(Availability.SERVING, CallPolicy.DEFAULT, node.local("a"));
    call.get(60, TimeUnit.SECONDS);

    assertThat(spans)
        .singleElement()
        .satisfies(
            span -> {
              assertThat(span.error()).isEmpty();
              assertThat(span.attributes()).containsKeys(ActiveSpan.HELD, ActiveSpan.HELD_MILLIS);
            });
  }

  @Test
  void aCallersOwnHeaderIsItsTrace() throws Exception {
    serve(0, 0, 10);
    tracer.record(0);
    Metadata headers = new Metadata();
    headers.put(TraceContext.HEADER, PARENT.header());
    Channel channel =
        ClientInterceptors.intercept(
            node.channel(), MetadataUtils.newAttachHeadersInterceptor(headers));
    assertThat(TestNode.call(channel, Echo.READ)).isEqualTo("here");
    assertThat(spans).singleElement().extracting(Span::parentId).isEqualTo(PARENT.spanIdText());
    assertThat(sent).singleElement().asString().contains(spans.get(0).id());
  }
}
