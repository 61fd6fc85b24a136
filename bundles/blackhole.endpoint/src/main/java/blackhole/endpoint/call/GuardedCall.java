package blackhole.endpoint.call;

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

  private boolean closed; // guarded by this
  private volatile boolean ended;

  GuardedCall(ServerCall<ReqT, RespT> call) {
    super(call);
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
  public synchronized void close(Status status, Metadata trailers) {
    if (!ended) {
      closed = true;
      super.close(status, trailers);
    }
  }

  @Override
  public boolean isCancelled() {
    return ended || super.isCancelled();
  }

  /** Closes the call, if its handler hasn't. */
  synchronized void end(Status status) {
    if (!closed && !ended) {
      // first, because the listener may hear of the end before close returns
      ended = true;
      super.close(status, new Metadata());
    }
  }

  /**
   * Answers for a handler that threw. A status that was thrown is the answer; anything else is
   * INTERNAL, without a word of the exception for the caller, and with all of it, once, in the log.
   */
  void fail(Throwable thrown) {
    @Nullable Metadata trailers = null;
    Status status;
    if (thrown instanceof StatusRuntimeException e) {
      status = e.getStatus();
      trailers = e.getTrailers();
    } else if (thrown instanceof StatusException e) {
      status = e.getStatus();
      trailers = e.getTrailers();
    } else {
      String method = getMethodDescriptor().getFullMethodName();
      LOG.log(Level.ERROR, "the handler of " + method + " failed", thrown);
      status = Status.INTERNAL.withDescription(method + " failed; the service's log says why");
    }
    synchronized (this) {
      if (!closed) {
        close(status, trailers == null ? new Metadata() : trailers);
      }
    }
    if (thrown instanceof VirtualMachineError error) {
      throw error;
    }
  }
}
