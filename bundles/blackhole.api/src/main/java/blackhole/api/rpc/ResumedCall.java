package blackhole.api.rpc;

import io.grpc.Attributes;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call after the other, which its caller sees as one. Threading is gRPC's; the lock is for the
 * moment in which one call takes the place of another.
 */
final class ResumedCall<Q, R> extends ClientCall<Q, R> {
  private static final int MOST_IN_VAIN = 3;

  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private final Supplier<ClientCall<Q, R>> calls;
  private final BiFunction<Q, R, Q> rest;
  private final @Nullable ServerCallScope scope = ServerCallScope.current();

  // all of these are guarded by this
  private ClientCall<Q, R> current;
  private ServerCallScope scopeOfCurrent = ServerCallScope.within(scope);
  private @Nullable Q request;
  private int wanted;
  private int inVain;
  private boolean cancelled;

  /**
   * @param calls makes a call to the same method
   */
  ResumedCall(Supplier<ClientCall<Q, R>> calls, BiFunction<Q, R, Q> rest) {
    this.calls = calls;
    this.rest = rest;
    current = next();
  }

  /** In a scope of its own: until no other follows, it has not failed for good. */
  private ClientCall<Q, R> next() {
    Context context = scopeOfCurrent.in(Context.current());
    Context before = context.attach();
    try {
      return calls.get();
    } finally {
      context.detach(before);
    }
  }

  @Override
  public synchronized void start(Listener<R> listener, Metadata headers) {
    startCurrent(listener, copy(headers), false);
  }

  private void startCurrent(Listener<R> listener, Metadata headers, boolean begun) {
    // each call adds to the headers that it is given
    current.start(new Part(listener, headers, begun), copy(headers));
  }

  private static Metadata copy(Metadata headers) {
    Metadata copy = new Metadata();
    copy.merge(headers);
    return copy;
  }

  @Override
  public synchronized void sendMessage(Q message) {
    request = message;
    current.sendMessage(message);
  }

  @Override
  public synchronized void halfClose() {
    current.halfClose();
  }

  @Override
  public synchronized void request(int messages) {
    // who wants all of them says so with the largest number
    wanted = (int) Math.min(Integer.MAX_VALUE, (long) wanted + messages);
    current.request(messages);
  }

  @Override
  public synchronized void cancel(@Nullable String message, @Nullable Throwable cause) {
    cancelled = true;
    current.cancel(message, cause);
  }

  @Override
  public synchronized boolean isReady() {
    return current.isReady();
  }

  @Override
  public synchronized void setMessageCompression(boolean enabled) {
    current.setMessageCompression(enabled);
  }

  @Override
  public synchronized Attributes getAttributes() {
    return current.getAttributes();
  }

  private synchronized void received(R message) {
    inVain = 0;
    wanted--;
    if (request != null) {
      request = rest.apply(request, message);
    }
  }

  private synchronized boolean resume(Listener<R> listener, Metadata headers, boolean begun) {
    Q following = request;
    if (cancelled || following == null || inVain == MOST_IN_VAIN) {
      return false;
    }
    inVain++;
    scopeOfCurrent = ServerCallScope.within(scope);
    ClientCall<Q, R> made = next();
    current = made;
    startCurrent(listener, headers, begun);
    if (made != current) {
      // it has failed already, and another has taken its place
      return true;
    }
    if (wanted > 0) {
      made.request(wanted);
    }
    made.sendMessage(following);
    made.halfClose();
    return true;
  }

  private synchronized void failedForGood() {
    if (scope != null && scopeOfCurrent.hasDownstreamFailed()) {
      scope.downstreamFailed();
    }
  }

  /** Whether it was lost with its process, or that process is about to end. */
  private static boolean isCutOff(Status status, Metadata trailers) {
    return status.getCode() == Status.Code.UNAVAILABLE
        && !trailers.containsKey(PUSHBACK)
        && RpcStatus.reasonOf(status.asRuntimeException(trailers))
            .map(Reasons.DRAINING::equals)
            .orElse(true);
  }

  /** What is heard of one of the calls. */
  private final class Part extends SimpleForwardingClientCallListener<R> {
    private final Listener<R> listener;
    private final Metadata sent;
    private boolean begun;

    Part(Listener<R> listener, Metadata sent, boolean begun) {
      super(listener);
      this.listener = listener;
      this.sent = sent;
      this.begun = begun;
    }

    @Override
    public void onHeaders(Metadata headers) {
      if (!begun) {
        begun = true;
        super.onHeaders(headers);
      }
    }

    @Override
    public void onMessage(R message) {
      received(message);
      super.onMessage(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (isCutOff(status, trailers) && resume(listener, sent, begun)) {
        return;
      }
      failedForGood();
      super.onClose(status, trailers);
    }
  }
}
