package blackhole.endpoint.call;

import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A call that may be ended beside its handler. The handler writes on one thread and the end comes
 * on another, which gRPC's own calls don't allow; so writing takes a lock, that of the call. What
 * the handler says after the end goes nowhere.
 */
final class GuardedCall<ReqT, RespT> extends SimpleForwardingServerCall<ReqT, RespT> {
  private static final System.Logger LOG = System.getLogger(CallGuard.class.getName());

  private final @Nullable OpenCall open;
  private boolean closed; // guarded by this
  private volatile boolean ended;

  /**
   * @param open knows where the call belongs, and has seen those it made; null where nobody keeps
   *     that
   */
  GuardedCall(ServerCall<ReqT, RespT> call, @Nullable OpenCall open) {
    super(call);
    this.open = open;
  }

  boolean belongsTo(Generation generation) {
    return open != null && open.belongsTo(generation);
  }

  /** Whether a call with this chain was made for this one. */
  boolean isIn(String chain) {
    return open != null && open.scope().isIn(chain);
  }

  @Override
  public synchronized void sendHeaders(Metadata headers) {
    if (!ended) {
      super.sendHeaders(headers);
    }
  }

  @Override
  public synchronized void sendMessage(RespT message) {
    if (!ended) {
      super.sendMessage(message);
    }
  }

  @Override
  public void close(Status status, Metadata trailers) {
    if (status.isOk()) {
      closeWith(status, trailers);
    } else if (isUnexpected(status)) {
      RpcStatus answer = failed(status.getCause());
      closeWith(answer.status(), answer.trailers());
    } else {
      closeWith(status, endsRetries(status) ? RetryPushback.never(trailers) : trailers);
    }
  }

  private synchronized void closeWith(Status status, Metadata trailers) {
    if (!ended) {
      closed = true;
      super.close(status, trailers);
    }
  }

  /** What gRPC's stubs make of an exception that a handler gave to {@code onError}. */
  private static boolean isUnexpected(Status status) {
    return status.getCode() == Status.Code.UNKNOWN
        && status.getCause() != null
        && status.getDescription() == null;
  }

  /**
   * Whether callers must not retry: a call that this one made has failed after all the retries that
   * it was worth, and each further attempt here would repeat them all.
   */
  private boolean endsRetries(Status status) {
    return open != null
        && open.scope().hasDownstreamFailed()
        && switch (status.getCode()) {
          case UNAVAILABLE, RESOURCE_EXHAUSTED, ABORTED, DEADLINE_EXCEEDED -> true;
          default -> false;
        };
  }

  @Override
  public boolean isCancelled() {
    return ended || super.isCancelled();
  }

  /** Closes the call, if its handler hasn't; says whether it did. */
  boolean end(RpcStatus status) {
    return endWith(status.status(), status.trailers());
  }

  /**
   * Answers for the transport, which has found a message too large and is about to answer with this
   * bare status. It comes first, and says that another attempt would be as large.
   */
  void refusedForSize(Status status) {
    String why = status.getDescription();
    RpcStatus answer =
        RpcStatus.of(
            Status.Code.RESOURCE_EXHAUSTED,
            Reasons.DOMAIN,
            Reasons.TOO_LARGE,
            why == null ? "a message is too large" : why);
    boolean unused = endWith(answer.status(), RetryPushback.never(answer.trailers()));
  }

  private synchronized boolean endWith(Status status, Metadata trailers) {
    if (closed || ended) {
      return false;
    }
    // first, because the listener may hear of the end before close returns
    ended = true;
    super.close(status, trailers);
    return true;
  }

  /**
   * Answers for a handler that threw. A status that was thrown is the answer; anything else is
   * INTERNAL, without a word of the exception for the caller, and with all of it, once, in the log.
   */
  void fail(Throwable thrown) {
    if (thrown instanceof StatusRuntimeException e) {
      closeIfOpen(e.getStatus(), e.getTrailers());
    } else if (thrown instanceof StatusException e) {
      closeIfOpen(e.getStatus(), e.getTrailers());
    } else {
      RpcStatus answer = failed(thrown);
      closeIfOpen(answer.status(), answer.trailers());
    }
    if (thrown instanceof VirtualMachineError error) {
      throw error;
    }
  }

  private void closeIfOpen(Status status, @Nullable Metadata trailers) {
    synchronized (this) {
      if (!closed) {
        close(status, trailers == null ? new Metadata() : trailers);
      }
    }
  }

  /**
   * Nobody else gets to see it, so the handler of uncaught errors does: a process that runs out of
   * memory in any way is not to go on as if nothing had been.
   */
  private static void handOnOutOfMemory(@Nullable Throwable thrown) {
    if (thrown instanceof OutOfMemoryError
        || (thrown != null && thrown.getCause() instanceof OutOfMemoryError)) {
      Thread here = Thread.currentThread();
      here.getUncaughtExceptionHandler().uncaughtException(here, thrown);
    }
  }

  private RpcStatus failed(@Nullable Throwable thrown) {
    String method = getMethodDescriptor().getFullMethodName();
    LOG.log(Level.ERROR, "the handler of " + method + " failed", thrown);
    handOnOutOfMemory(thrown);
    return RpcStatus.of(
        Status.Code.INTERNAL,
        Reasons.DOMAIN,
        Reasons.HANDLER_FAILED,
        method + " failed; the service's log says why");
  }
}
