package blackhole.endpoint.call;

import blackhole.api.metrics.MethodMeter;
import blackhole.api.observe.ActiveSpan;
import blackhole.api.rpc.ServerCallScope;
import blackhole.api.service.Caller;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One call to the process's own services, from its headers to its end, of which gRPC tells exactly
 * once, however it comes. So it is what counts the call, and what holds the {@link Generation} that
 * it belongs to. Thread-safe.
 */
public final class OpenCall extends ServerStreamTracer {
  private static final Metadata.Key<String> CHAIN =
      Metadata.Key.of(ServerCallScope.CHAIN_HEADER, Metadata.ASCII_STRING_MARSHALLER);

  private static final AtomicReferenceFieldUpdater<OpenCall, Generation> GENERATION =
      AtomicReferenceFieldUpdater.newUpdater(OpenCall.class, Generation.class, "generation");

  /** In the place of the generation of a call that has ended. */
  private static final Generation ENDED = new Generation();

  private final CallCounters counters;
  private final Scope scope;
  private final @Nullable ActiveSpan span;
  private final long startedNanos = System.nanoTime();

  /** The call's scope, by which the call itself is found too: a context costs the more it holds. */
  private static final class Scope extends ServerCallScope implements Caller.Source {
    private final OpenCall call;
    private volatile @Nullable Caller caller;

    Scope(@Nullable String madeFor, OpenCall call) {
      super(madeFor);
      this.call = call;
    }

    @Override
    public @Nullable Caller caller() {
      return caller;
    }
  }

  /** Once it is known to have a method. */
  private volatile @Nullable MethodMeter meter;

  private volatile @Nullable GuardedCall<?, ?> call;
  private volatile @Nullable Generation generation;

  /**
   * @param span null when it is in no trace
   */
  OpenCall(CallCounters counters, Metadata headers, @Nullable ActiveSpan span) {
    this.span = span;
    this.counters = counters;
    this.scope = new Scope(headers.get(CHAIN), this);
  }

  /** The call of the current context; null where there is none that is counted. */
  public static @Nullable OpenCall current() {
    return ServerCallScope.current() instanceof Scope scope ? scope.call : null;
  }

  /** What {@link Caller#current()} says from now on. */
  public void calledBy(Caller caller) {
    scope.caller = caller;
  }

  ServerCallScope scope() {
    return scope;
  }

  /** The calls of this node that it was made for, as they came with it. */
  public @Nullable String madeFor() {
    return scope.madeFor();
  }

  /** Whether it belongs to this generation from now on: not to one that is closed. */
  public boolean enter(Generation entered) {
    if (!entered.enter()) {
      return false;
    }
    belong(entered);
    return true;
  }

  /** As {@link #enter}, though it is closed: see {@link OpenCalls#partOf}. */
  public void enterClosed(Generation entered) {
    entered.enterClosed();
    belong(entered);
  }

  /** It has waited until now while its service was updated. */
  public void held(long sinceNanos) {
    if (span != null) {
      long nanos = System.nanoTime() - sinceNanos;
      span.attribute(ActiveSpan.HELD, "the service is being updated");
      span.attribute(ActiveSpan.HELD_MILLIS, Long.toString(nanos / 1_000_000));
    }
  }

  private void belong(Generation entered) {
    if (!GENERATION.compareAndSet(this, null, entered)) {
      // over already: its handler is only going to hear that
      entered.leave();
    }
  }

  boolean belongsTo(Generation some) {
    return generation == some;
  }

  /** The call then answers for what the transport refuses, which no interceptor hears of. */
  void carries(GuardedCall<?, ?> guarded) {
    call = guarded;
  }

  @Override
  public Context filterContext(Context context) {
    Context scoped = scope.in(context);
    return span == null ? scoped : span.context().in(scoped);
  }

  @Override
  public void serverCallStarted(ServerCallInfo<?, ?> info) {
    meter = counters.started(info.getMethodDescriptor().getFullMethodName());
  }

  @Override
  public void inboundMessageRead(int number, long wireBytes, long bytes) {
    MethodMeter known = meter;
    if (known != null) {
      known.request(bytes < 0 ? wireBytes : bytes);
    }
  }

  @Override
  public void outboundMessageSent(int number, long wireBytes, long bytes) {
    MethodMeter known = meter;
    if (known != null) {
      known.response(bytes < 0 ? wireBytes : bytes);
    }
  }

  @Override
  public void streamClosed(Status status) {
    GuardedCall<?, ?> carried = call;
    if (carried != null && status.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
      carried.refusedForSize(status);
    }
    Generation left = GENERATION.getAndSet(this, ENDED);
    if (left != null) {
      left.leave();
    }
    if (span != null) {
      span.end(status);
    }
    counters.ended(meter, status, System.nanoTime() - startedNanos);
  }
}
