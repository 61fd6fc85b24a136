package blackhole.endpoint.call;

import blackhole.api.metrics.CallMeter;
import blackhole.api.metrics.MethodMeter;
import blackhole.api.metrics.Metric;
import blackhole.api.observe.ActiveSpan;
import blackhole.api.observe.Span;
import blackhole.api.observe.TraceContext;
import blackhole.api.observe.Tracer;
import blackhole.api.rpc.ServerCallScope;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts calls to the process's own services, not to those of the platform: health and reflection
 * are left out, so that a service which nobody calls shows no requests. A stream tracer rather than
 * an interceptor, because it sees each call's end exactly once, however it ends; and because it can
 * give a call its {@link ServerCallScope} before anybody looks at the context, which costs an
 * interceptor a switch of contexts at each of the call's events. Thread-safe.
 */
public final class CallCounters extends ServerStreamTracer.Factory {
  private static final ServerStreamTracer UNCOUNTED = new ServerStreamTracer() {};

  private final Predicate<String> counted;
  private final CallMeter meter = new CallMeter();
  private final Supplier<@Nullable Tracer> tracer;
  private final LongAdder requests = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final LongAdder rateLimited = new LongAdder();
  private final AtomicInteger active = new AtomicInteger();
  private final AtomicReference<@Nullable CompletableFuture<Void>> idle = new AtomicReference<>();

  /**
   * @param counted by full gRPC method name
   */
  public CallCounters(Predicate<String> counted) {
    this(counted, () -> null);
  }

  /**
   * @param counted by full gRPC method name
   * @param tracer records those calls; asked for each, and null as long as nobody does
   */
  public CallCounters(Predicate<String> counted, Supplier<@Nullable Tracer> tracer) {
    this.counted = counted;
    this.tracer = tracer;
  }

  /** Calls started, of methods that exist. */
  public long requests() {
    return requests.sum();
  }

  /**
   * Those of them that ended with a status other than OK, whoever is to blame; one that the caller
   * cancelled, which is how most streams end, is no error.
   */
  public long errors() {
    return errors.sum();
  }

  /** Calls refused because more came in a second than are taken; among the errors too. */
  public long rateLimited() {
    return rateLimited.sum();
  }

  /** Counts a call that is refused for that. */
  public void addRateLimited() {
    rateLimited.increment();
  }

  /** Calls in flight, unary ones and streams. */
  public int active() {
    return active.get();
  }

  /** Completes as soon as no call is in flight. */
  public CompletableFuture<Void> whenIdle() {
    CompletableFuture<Void> created = new CompletableFuture<>();
    CompletableFuture<Void> waiting =
        Optional.ofNullable(idle.compareAndExchange(null, created)).orElse(created);
    if (active.get() == 0) {
      completeIdle();
    }
    return waiting;
  }

  private void completeIdle() {
    // mostly nobody waits, and a look is cheaper than a write, with one call in flight at each end
    CompletableFuture<Void> waiting = idle.get() == null ? null : idle.getAndSet(null);
    if (waiting != null) {
      waiting.complete(null);
    }
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
    if (!counted.test(fullMethodName)) {
      return UNCOUNTED;
    }
    // active from its headers on, a request only once it is known to have a method
    active.incrementAndGet();
    return new OpenCall(this, headers, begin(fullMethodName, headers));
  }

  private @Nullable ActiveSpan begin(String method, Metadata headers) {
    Tracer present = tracer.get();
    if (present == null) {
      return null;
    }
    TraceContext parent = TraceContext.of(headers);
    ActiveSpan span = present.begin(parent, Span.Kind.SERVER, method);
    if (span != null) {
      span.attribute("rpc.system", "grpc");
    }
    return span;
  }

  /** All of it, and what each method's calls come to. */
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>(CallMeter.metrics("server", "", Map.of("", meter)));
    metrics.add(
        Metric.gauge("rpc_server_active_streams", "Calls in flight, unary ones and streams.")
            .with(active())
            .build());
    metrics.add(
        Metric.counter(
                "blackhole_server_rate_limited_total",
                "Calls refused because more came in a second than are taken.")
            .with(rateLimited())
            .build());
    return metrics;
  }

  /** A call has a method. */
  MethodMeter started(String method) {
    requests.increment();
    return meter.method(method);
  }

  /**
   * @param started what {@link #started} gave; null for one without a method
   */
  void ended(@Nullable MethodMeter started, Status status, long durationNanos) {
    if (started != null && !status.isOk() && status.getCode() != Status.Code.CANCELLED) {
      errors.increment();
    }
    (started == null ? meter.other() : started).ended(status.getCode(), durationNanos);
    if (active.decrementAndGet() == 0) {
      completeIdle();
    }
  }
}
