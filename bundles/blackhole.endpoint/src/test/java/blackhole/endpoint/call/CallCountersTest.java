package blackhole.endpoint.call;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.metrics.Metric;
import blackhole.api.observe.Span;
import blackhole.api.observe.TraceContext;
import blackhole.api.observe.Tracer;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerStreamTracer;
import io.grpc.ServerStreamTracer.ServerCallInfo;
import io.grpc.Status;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CallCountersTest {
  private final CallCounters counters = new CallCounters(PlatformServices::isOwnMethod);

  @Test
  void countsCallsAndThoseThatFail() {
    start("a.B/C").streamClosed(Status.OK);
    start("a.B/C").streamClosed(Status.NOT_FOUND);
    start("a.B/C").streamClosed(Status.CANCELLED);
    ServerStreamTracer open = start("a.B/C");

    assertThat(counters.requests()).isEqualTo(4);
    assertThat(counters.errors()).isEqualTo(1);
    assertThat(counters.active()).isEqualTo(1);
    open.streamClosed(Status.OK);
    assertThat(counters.active()).isZero();
  }

  @Test
  void leavesOutThePlatformsOwn() {
    for (String service : PlatformServices.NAMES) {
      ServerStreamTracer stream = start(service + "/Check");
      assertThat(counters.active()).isZero();
      stream.streamClosed(Status.INTERNAL);
    }
    assertThat(counters.requests()).isZero();
    assertThat(counters.errors()).isZero();
  }

  @Test
  void aMethodThatDoesNotExistIsNoRequest() {
    ServerStreamTracer stream = counters.newServerStreamTracer("a.B/Nothing", new Metadata());
    assertThat(counters.active()).isEqualTo(1);
    stream.streamClosed(Status.UNIMPLEMENTED);
    assertThat(counters.active()).isZero();
    assertThat(counters.requests()).isZero();
    assertThat(counters.errors()).isZero();
  }

  @Test
  void idleComesWithTheLastCallsEnd() {
    assertThat(counters.whenIdle()).isCompleted();

    ServerStreamTracer first = start("a.B/C");
    ServerStreamTracer second = start("a.B/C");
    CompletableFuture<Void> idle = counters.whenIdle();
    CompletableFuture<Void> alsoIdle = counters.whenIdle();
    first.streamClosed(Status.OK);
    assertThat(idle).isNotDone();
    second.streamClosed(Status.OK);
    assertThat(idle).isCompleted();
    assertThat(alsoIdle).isCompleted();
  }

  @Test
  void tellsWhatEachMethodComesTo() {
    ServerStreamTracer good = start("a.B/C");
    good.inboundMessageRead(0, 20, 10);
    good.outboundMessageSent(0, 30, -1);
    good.streamClosed(Status.OK);
    start("a.B/C").streamClosed(Status.NOT_FOUND);
    counters
        .newServerStreamTracer("a.B/Nothing", new Metadata())
        .streamClosed(Status.UNIMPLEMENTED);
    counters.addRateLimited();
    ServerStreamTracer open = start("a.B/D");

    Map<String, Metric> metrics =
        counters.metrics().stream().collect(Collectors.toMap(Metric::name, Function.identity()));
    assertThat(metrics.get("rpc_server_duration_seconds").series())
        .extracting(Metric.Series::values)
        .containsExactlyInAnyOrder(
            List.of("a.B/C", "OK"),
            List.of("a.B/C", "NOT_FOUND"),
            List.of("other", "UNIMPLEMENTED"));
    assertThat(sum(metrics.get("rpc_server_request_size_bytes"))).isEqualTo(10);
    assertThat(sum(metrics.get("rpc_server_response_size_bytes"))).isEqualTo(30);
    assertThat(sum(metrics.get("rpc_server_active_streams"))).isEqualTo(1);
    assertThat(sum(metrics.get("blackhole_server_rate_limited_total"))).isEqualTo(1);
    open.streamClosed(Status.OK);
  }

  @Test
  void aCallIsASpanOfTheTraceThatItCameWith() {
    List<Span> spans = new ArrayList<>();
    Tracer tracer = new Tracer(spans::addAll);
    tracer.record(0);
    CallCounters traced = new CallCounters(PlatformServices::isOwnMethod, () -> tracer);
    TraceContext caller = TraceContext.root(true);
    Metadata headers = new Metadata();
    headers.put(TraceContext.HEADER, caller.header());

    ServerStreamTracer stream = traced.newServerStreamTracer("a.B/C", headers);
    stream
        .filterContext(Context.ROOT)
        .run(() -> assertThat(TraceContext.currentTraceId()).contains(caller.traceId()));
    assertThat(spans).isEmpty();
    stream.streamClosed(Status.NOT_FOUND.withDescription("not here"));
    assertThat(spans)
        .singleElement()
        .satisfies(
            span -> {
              assertThat(span.kind()).isEqualTo(Span.Kind.SERVER);
              assertThat(span.name()).isEqualTo("a.B/C");
              assertThat(span.parentId()).isEqualTo(caller.spanIdText());
              assertThat(span.error()).isEqualTo("NOT_FOUND: not here");
            });

    ServerStreamTracer outside = traced.newServerStreamTracer("a.B/C", new Metadata());
    outside.filterContext(Context.ROOT).run(() -> assertThat(TraceContext.current()).isNull());
    outside.streamClosed(Status.OK);
    traced.newServerStreamTracer(PlatformServices.NAMES.iterator().next() + "/Check", headers);
    assertThat(spans).hasSize(1);
  }

  private static double sum(Metric metric) {
    return metric.series().stream().mapToDouble(Metric.Series::value).sum();
  }

  private ServerStreamTracer start(String method) {
    ServerStreamTracer stream = counters.newServerStreamTracer(method, new Metadata());
    stream.serverCallStarted(
        new ServerCallInfo<InputStream, InputStream>() {
          @Override
          public MethodDescriptor<InputStream, InputStream> getMethodDescriptor() {
            return MethodDescriptor.<InputStream, InputStream>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(method)
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
          }

          @Override
          public Attributes getAttributes() {
            return Attributes.EMPTY;
          }

          @Override
          public String getAuthority() {
            return "";
          }
        });
    return stream;
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<InputStream> {
    @Override
    public InputStream stream(InputStream value) {
      return value;
    }

    @Override
    public InputStream parse(InputStream stream) {
      return stream;
    }
  }
}
