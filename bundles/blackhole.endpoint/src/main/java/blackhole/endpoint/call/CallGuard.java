package blackhole.endpoint.call;

import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Stands around every handler: refuses requests with too much metadata, turns what a handler throws
 * into an answer, and can end all calls in flight with a status that says why. Thread-safe.
 */
public final class CallGuard implements ServerInterceptor {
  /** The most that the metadata of a request may have, counted as HTTP/2 does. */
  public static final int MAX_METADATA_BYTES = 8 * 1024;

  /**
   * What the HTTP/2 layer takes. Above it a request is answered by a bare protocol error, or not
   * sent at all, and clients show that as INTERNAL; the room between the two is for an answer that
   * says what is wrong.
   */
  public static final int MAX_HEADER_LIST_BYTES = 64 * 1024;

  private static final int HTTP2_BYTES_PER_FIELD = 32;

  private final OpenCalls inFlight;
  private volatile @Nullable RpcStatus end;

  /**
   * @param inFlight knows the calls that have come through here
   */
  public CallGuard(OpenCalls inFlight) {
    this.inFlight = inFlight;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    int metadataBytes = size(headers);
    if (metadataBytes > MAX_METADATA_BYTES) {
      RpcStatus tooLarge =
          RpcStatus.of(
              Status.Code.RESOURCE_EXHAUSTED,
              Reasons.DOMAIN,
              Reasons.TOO_LARGE,
              "the request has " + metadataBytes + " bytes of metadata, of " + MAX_METADATA_BYTES);
      call.close(tooLarge.status(), RetryPushback.never(tooLarge.trailers()));
      return new ServerCall.Listener<>() {};
    }
    OpenCall open = OpenCall.current();
    GuardedCall<ReqT, RespT> guarded = new GuardedCall<>(call, open);
    if (open != null) {
      open.carries(guarded);
    }
    inFlight.add(guarded);
    RpcStatus ending = end;
    if (ending != null) {
      // too late to be among those that endAll found; its handler never hears of it
      inFlight.remove(guarded);
      boolean unused = guarded.end(ending);
      return new ServerCall.Listener<>() {};
    }
    try {
      return new GuardedListener<>(next.startCall(guarded, headers), guarded);
    } catch (Throwable t) {
      inFlight.remove(guarded);
      guarded.fail(t);
      return new ServerCall.Listener<>() {};
    }
  }

  /** Metadata keeps its size to itself; this way of asking copies references only. */
  private static int size(Metadata headers) {
    byte[][] fields = InternalMetadata.serialize(headers);
    int bytes = fields.length / 2 * HTTP2_BYTES_PER_FIELD;
    for (byte[] part : fields) {
      bytes += part.length;
    }
    return bytes;
  }

  /**
   * Ends all calls in flight with this status, and those that still come in; their handlers see a
   * cancelled call.
   */
  public void endAll(RpcStatus status) {
    end = status;
    inFlight.endAll(status);
  }

  /**
   * Answers for a handler that threw on a thread of its own choice, where no listener is there to
   * catch it: for interceptors that start handlers later.
   *
   * @param call as the interceptor got it
   */
  public static void fail(ServerCall<?, ?> call, Throwable thrown) {
    if (call instanceof TypedCall<?, ?> typed) {
      fail(typed.untyped(), thrown);
    } else if (call instanceof GuardedCall<?, ?> guarded) {
      guarded.fail(thrown);
    } else {
      throw new IllegalArgumentException("not a guarded call: " + call, thrown);
    }
  }

  /**
   * After a fault the handler hears no more of the call but its end. Each event has its own catch,
   * rather than all one that takes the event as a function: these run several times a call.
   */
  private final class GuardedListener<ReqT> extends SimpleForwardingServerCallListener<ReqT> {
    private final GuardedCall<ReqT, ?> call;
    private boolean failed;

    GuardedListener(ServerCall.Listener<ReqT> delegate, GuardedCall<ReqT, ?> call) {
      super(delegate);
      this.call = call;
    }

    @Override
    public void onMessage(ReqT message) {
      if (!failed) {
        try {
          super.onMessage(message);
        } catch (Throwable t) {
          fail(t);
        }
      }
    }

    @Override
    public void onHalfClose() {
      if (!failed) {
        try {
          super.onHalfClose();
        } catch (Throwable t) {
          fail(t);
        }
      }
    }

    @Override
    public void onReady() {
      if (!failed) {
        try {
          super.onReady();
        } catch (Throwable t) {
          fail(t);
        }
      }
    }

    @Override
    public void onCancel() {
      inFlight.remove(call);
      try {
        super.onCancel();
      } catch (Throwable t) {
        fail(t);
      }
    }

    @Override
    public void onComplete() {
      inFlight.remove(call);
      try {
        if (call.isCancelled()) {
          // ended from here: closed in good order, but not by its handler
          super.onCancel();
        } else {
          super.onComplete();
        }
      } catch (Throwable t) {
        fail(t);
      }
    }

    private void fail(Throwable thrown) {
      failed = true;
      call.fail(thrown);
    }
  }
}
