package blackhole.endpoint.call;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a handler throws into an answer. A status that was thrown is the answer; anything else
 * is INTERNAL, without a word of the exception for the caller, and with all of it, once, in the
 * log.
 */
public final class HandlerFaults implements ServerInterceptor {
  private static final System.Logger LOG = System.getLogger(HandlerFaults.class.getName());

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    GuardedCall<ReqT, RespT> guarded = new GuardedCall<>(call);
    try {
      return new GuardedListener<>(next.startCall(guarded, headers), guarded);
    } catch (Throwable t) {
      guarded.fail(t);
      return new ServerCall.Listener<>() {};
    }
  }

  private static final class GuardedCall<ReqT, RespT>
      extends SimpleForwardingServerCall<ReqT, RespT> {
    private volatile boolean closed;

    GuardedCall(ServerCall<ReqT, RespT> call) {
      super(call);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      closed = true;
      super.close(status, trailers);
    }

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
      if (!closed) {
        try {
          close(status, trailers == null ? new Metadata() : trailers);
        } catch (IllegalStateException e) {
          // another thread of the handler closed the call in the meantime
        }
      }
      if (thrown instanceof VirtualMachineError error) {
        throw error;
      }
    }
  }

  /** After a fault the handler hears no more of the call but its end. */
  private static final class GuardedListener<ReqT>
      extends SimpleForwardingServerCallListener<ReqT> {
    private final GuardedCall<ReqT, ?> call;
    private boolean failed;

    GuardedListener(ServerCall.Listener<ReqT> delegate, GuardedCall<ReqT, ?> call) {
      super(delegate);
      this.call = call;
    }

    @Override
    public void onMessage(ReqT message) {
      guard(() -> super.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      guard(super::onHalfClose);
    }

    @Override
    public void onReady() {
      guard(super::onReady);
    }

    @Override
    public void onCancel() {
      end(super::onCancel);
    }

    @Override
    public void onComplete() {
      end(super::onComplete);
    }

    private void guard(Runnable callback) {
      if (!failed) {
        end(callback);
      }
    }

    private void end(Runnable callback) {
      try {
        callback.run();
      } catch (Throwable t) {
        failed = true;
        call.fail(t);
      }
    }
  }
}
