package blackhole.client.service;

import blackhole.api.metrics.MethodMeter;
import blackhole.api.observe.ActiveSpan;
import blackhole.api.observe.Span;
import blackhole.api.observe.TraceContext;
import blackhole.api.observe.Tracer;
import blackhole.api.registry.CallPolicy;
import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import blackhole.api.rpc.ServerCallScope;
import blackhole.client.breaker.Breaker;
import blackhole.client.breaker.Outcome;
import com.google.protobuf.MessageLite;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call to a service, above gRPC's retries: default deadline, limit of concurrent calls, circuit
 * breaker, the way it goes, and what is counted. The limit and the breaker are for unary calls; a
 * stream may last for days, and says little by its end.
 *
 * <p>Threading is gRPC's: one caller's thread at a time, callbacks one at a time. The balancer
 * writes to it on any thread.
 */
final class ServiceCall<Q, R> extends ForwardingClientCall<Q, R> {
  /** By which the balancer knows the call that an attempt belongs to. */
  private static final CallOptions.Key<ServiceCall<?, ?>> KEY =
      CallOptions.Key.create("blackhole-call");

  /** gRPC's own, of a retry. */
  private static final Metadata.Key<String> PREVIOUS_ATTEMPTS =
      Metadata.Key.of("grpc-previous-rpc-attempts", Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<String> CHAIN =
      Metadata.Key.of(ServerCallScope.CHAIN_HEADER, Metadata.ASCII_STRING_MARSHALLER);

  private final ServiceClient client;
  private final Terms terms;
  private final MethodDescriptor<Q, R> method;
  private final CallOptions options;
  private final MethodMeter meter;
  private @Nullable ActiveSpan span;
  private final @Nullable ServerCallScope scope = ServerCallScope.current();
  private ClientCall<Q, R> delegate = NoCall.instance();
  private @Nullable Deadline deadline;
  private long startedNanos;
  private Breaker.@Nullable Permit permit;
  private @Nullable Breaker breaker;
  private boolean hasPlace;
  private boolean stayedHere;

  /** What it failed with on this side, whatever gRPC says of the cancellation that follows. */
  private volatile @Nullable Status refusal;

  private volatile int retries;
  private volatile @Nullable String heldFor;
  private volatile long heldNanos;
  private volatile boolean heldTold;

  ServiceCall(
      ServiceClient client, Terms terms, MethodDescriptor<Q, R> method, CallOptions options) {
    this.client = client;
    this.terms = terms;
    this.method = method;
    this.options = options;
    this.meter = client.counters().meter.method(method.getFullMethodName());
  }

  /** Takes note of an attempt that looks for an instance; null when it is of no such call. */
  static @Nullable ServiceCall<?, ?> attempted(PickSubchannelArgs args) {
    ServiceCall<?, ?> call = args.getCallOptions().getOption(KEY);
    if (call != null) {
      String previous = args.getHeaders().get(PREVIOUS_ATTEMPTS);
      if (previous != null) {
        call.retried(previous);
      }
    }
    return call;
  }

  /** Attempts of one call follow each other, so that there are no two writers at a time. */
  private void retried(String previousAttempts) {
    try {
      retries = Math.max(retries, Integer.parseInt(previousAttempts));
    } catch (NumberFormatException e) {
      // a caller wrote a header of this name itself: it is none of gRPC's
    }
  }

  /** When it must have ended; null for never. */
  @Nullable Deadline deadline() {
    return deadline;
  }

  long startedNanos() {
    return startedNanos;
  }

  /** It waits for an instance; said again as long as it does. */
  void held(String reason) {
    if (heldFor == null) {
      client.counters().held.increment();
      heldNanos = client.nanoTime().getAsLong();
    }
    heldFor = reason;
  }

  /** An instance takes it, or it is over. */
  private void heldUntilNow() {
    ActiveSpan begun = span;
    String reason = heldFor;
    if (begun != null && reason != null && !heldTold) {
      heldTold = true;
      long nanos = client.nanoTime().getAsLong() - heldNanos;
      begun.attribute(ActiveSpan.HELD, reason);
      begun.attribute(ActiveSpan.HELD_MILLIS, Long.toString(nanos / 1_000_000));
    }
  }

  @Override
  protected ClientCall<Q, R> delegate() {
    return delegate;
  }

  @Override
  public void start(Listener<R> listener, Metadata headers) {
    CallPolicy policy = terms.policy();
    boolean unary = method.getType() == MethodType.UNARY;
    if (!unary) {
      client.counters().streamStarted();
    }
    startedNanos = client.nanoTime().getAsLong();
    CallOptions own = options.withOption(KEY, this);
    deadline = earlier(options.getDeadline(), Context.current().getDeadline());
    if (unary && deadline == null) {
      deadline = Deadline.after(policy.timeout().toNanos(), TimeUnit.NANOSECONDS);
      own = own.withDeadline(deadline);
    }
    begin(headers);
    RpcStatus refused = unary ? admit(policy) : null;
    if (refused != null) {
      refuse(listener, refused);
      return;
    }
    ActiveSpan begun = span;
    if (begun != null) {
      begun.context().put(headers);
      if (begun.isRecorded()) {
        own =
            own.withStreamTracerFactory(
                new Attempts(begun, client.tracer(), method, this::heldUntilNow));
      }
    }
    if (scope != null) {
      // a handler may have handed on the headers that it was called with
      headers.discardAll(CHAIN);
      headers.put(CHAIN, scope.chain());
    }
    try {
      Connections.Way way = client.elsewhere(terms, method);
      if (way != null) {
        client.counters().remote.increment();
      } else {
        stayedHere = true;
        if (!client.callToken().putInto(headers)) {
          own = own.withStreamTracerFactory(client.callToken().late());
        }
        way = terms.connections().local(policy);
      }
      delegate = way.newCall(method, own, policy);
      delegate.start(new Ending(listener), headers);
    } catch (RuntimeException e) {
      end(Status.CANCELLED, Outcome.UNKNOWN);
      throw e;
    }
  }

  /** Its span, in the trace that it is made for. */
  private void begin(Metadata headers) {
    Tracer tracer = client.tracer();
    if (tracer == null || !Attempts.isTraced(method)) {
      return;
    }
    TraceContext parent = TraceContext.current();
    if (parent == null && scope == null) {
      // a caller that is no service of this node has a trace of its own
      parent = TraceContext.of(headers);
    }
    ActiveSpan begun = tracer.begin(parent, Span.Kind.CLIENT, method.getFullMethodName());
    if (begun != null && begun.isRecorded()) {
      begun.attribute("rpc.system", "grpc");
      begun.attribute("server.address", client.service());
    }
    span = begun;
  }

  private static @Nullable Deadline earlier(@Nullable Deadline a, @Nullable Deadline b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.minimum(b);
  }

  /** The limit first: a call that it refuses says nothing about the service. */
  private @Nullable RpcStatus admit(CallPolicy policy) {
    CallCounters counters = client.counters();
    if (!counters.takePlace(policy.maxConcurrentCalls())) {
      counters.refusedByLimit.increment();
      return RpcStatus.of(
          Status.Code.RESOURCE_EXHAUSTED,
          Reasons.DOMAIN,
          Reasons.TOO_MANY_CALLS,
          policy.maxConcurrentCalls() + " calls to " + client.service() + " are in flight already");
    }
    hasPlace = true;
    Breaker circuit = client.breaker();
    permit = circuit.tryAcquire();
    breaker = circuit;
    if (permit == null) {
      counters.refusedByBreaker.increment();
      return RpcStatus.of(
              Status.Code.UNAVAILABLE,
              Reasons.DOMAIN,
              Reasons.CIRCUIT_OPEN,
              "too many of the last calls to " + client.service() + " failed")
          .retryAfter(circuit.retryAfter());
    }
    return null;
  }

  /** As gRPC does: later, and on the executor that the call's callbacks run on. */
  private void refuse(Listener<R> listener, RpcStatus answer) {
    Executor executor = options.getExecutor() == null ? client.executor() : options.getExecutor();
    Context context = Context.current();
    Status status = answer.status();
    ActiveSpan begun = span;
    if (begun != null) {
      begun.attribute("blackhole.refused", answer.reason());
    }
    end(status, Outcome.UNKNOWN);
    executor.execute(context.wrap(() -> listener.onClose(status, answer.trailers())));
  }

  @Override
  public void sendMessage(Q message) {
    if (message instanceof MessageLite proto) {
      int bytes = proto.getSerializedSize();
      int most = largest(options.getMaxOutboundMessageSize());
      if (bytes > most) {
        refusal =
            Status.RESOURCE_EXHAUSTED.withDescription(
                "a message of " + bytes + " bytes is larger than the " + most + " allowed");
        ClientCall<Q, R> begun = delegate;
        // what the caller still says of a call that is over is not an error
        delegate = NoCall.instance();
        begun.cancel("message too large", null);
        return;
      }
      meter.request(bytes);
    }
    delegate.sendMessage(message);
  }

  private int largest(@Nullable Integer callers) {
    return callers == null ? terms.policy().maxMessageSizeBytes() : callers;
  }

  /** Gives back what the call took, and counts it. */
  private void end(Status status, Outcome outcome) {
    CallCounters counters = client.counters();
    Status.Code code = status.getCode();
    meter.ended(code, client.nanoTime().getAsLong() - startedNanos);
    if (code != Status.Code.OK) {
      failed(counters, code);
    }
    if (retries > 0) {
      counters.retries.add(retries);
    }
    if (span != null) {
      heldUntilNow();
      span.end(status);
    }
    if (hasPlace) {
      counters.leavePlace();
    } else if (method.getType() != MethodType.UNARY) {
      counters.streamEnded();
    }
    if (breaker != null && permit != null) {
      breaker.ended(permit, refusal == null ? outcome : Outcome.UNKNOWN);
    }
  }

  private void failed(CallCounters counters, Status.Code code) {
    counters.failed.increment();
    if (code == Status.Code.DEADLINE_EXCEEDED) {
      counters.deadlineExceeded.increment();
    }
    if (scope != null && refusal == null && isRetryable(code)) {
      scope.downstreamFailed();
    }
  }

  private static boolean isRetryable(Status.Code code) {
    return switch (code) {
      case UNAVAILABLE, RESOURCE_EXHAUSTED, ABORTED, DEADLINE_EXCEEDED -> true;
      default -> false;
    };
  }

  private final class Ending extends SimpleForwardingClientCallListener<R> {
    private boolean answered;

    Ending(Listener<R> listener) {
      super(listener);
    }

    @Override
    public void onHeaders(Metadata headers) {
      answered = true;
      super.onHeaders(headers);
    }

    @Override
    public void onMessage(R message) {
      if (message instanceof MessageLite proto) {
        meter.response(proto.getSerializedSize());
      }
      super.onMessage(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      Status told = told(status);
      end(told, wasCutOff(told, status, trailers) ? Outcome.UNKNOWN : Outcome.of(told.getCode()));
      Metadata details = PlatformAnswer.trailersOf(status);
      super.onClose(told, details == null ? trailers : details);
    }

    /**
     * Whether the call was lost with the process that had it. That is the supervisor's matter: it
     * starts another, for which calls wait. To open the circuit for the calls of one process would
     * make an outage of half a minute of a restart that takes a second.
     */
    private boolean wasCutOff(Status told, Status status, Metadata trailers) {
      return stayedHere
          && told.getCode() == Status.Code.UNAVAILABLE
          && !(status.getCause() instanceof PlatformAnswer)
          && !answered
          // an answer has a content type at least
          && trailers.keys().isEmpty();
    }

    private Status told(Status status) {
      Status local = refusal;
      if (local != null && status.getCode() == Status.Code.CANCELLED) {
        return local;
      }
      if (status.getCause() instanceof PlatformAnswer) {
        return status.withCause(null);
      }
      if (status.getCode() == Status.Code.UNKNOWN
          && status.getCause() instanceof ClosedChannelException) {
        // what gRPC makes of a connection that went in the moment of a write
        return Status.UNAVAILABLE
            .withDescription("the connection was lost")
            .withCause(status.getCause());
      }
      String reason = heldFor;
      if (status.getCode() == Status.Code.DEADLINE_EXCEEDED && reason != null) {
        return status.augmentDescription("it waited: " + reason);
      }
      return status;
    }
  }
}
