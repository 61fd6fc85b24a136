package blackhole.endpoint.call;

import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A call whose messages are bytes, as a handler sees it that has come after the call: it makes
 * messages of them by its own classes. Threading is that of the call.
 */
public final class TypedCall<ReqT, RespT> extends ServerCall<ReqT, RespT> {
  private final ServerCall<InputStream, InputStream> untyped;
  private final MethodDescriptor<ReqT, RespT> method;
  private boolean open; // guarded by this
  private long wanted; // guarded by this

  private TypedCall(
      ServerCall<InputStream, InputStream> untyped, MethodDescriptor<ReqT, RespT> method) {
    this.untyped = untyped;
    this.method = method;
  }

  /**
   * Starts a method's handler, and gives what is to hear of the call from then on. No message comes
   * before {@link #open}: its bytes are there only while whoever hears of them is being told.
   */
  public static <Q, R> ServerCall.Listener<InputStream> start(
      ServerMethodDefinition<Q, R> method,
      ServerCall<InputStream, InputStream> call,
      Metadata headers) {
    MethodDescriptor<Q, R> descriptor = method.getMethodDescriptor();
    ServerCallHandler<Q, R> handler = method.getServerCallHandler();
    TypedCall<Q, R> typed = new TypedCall<>(call, descriptor);
    return new Parsing<>(handler.startCall(typed, headers), typed);
  }

  /** What {@link #start} gave hears of the call now. */
  public static void open(ServerCall.Listener<InputStream> listener) {
    if (listener instanceof Parsing<?> parsing) {
      parsing.call.open();
    }
  }

  private void open() {
    int messages;
    synchronized (this) {
      open = true;
      messages = (int) Math.min(Integer.MAX_VALUE, wanted);
    }
    if (messages > 0) {
      untyped.request(messages);
    }
  }

  ServerCall<InputStream, InputStream> untyped() {
    return untyped;
  }

  @Override
  public void request(int messages) {
    synchronized (this) {
      if (!open) {
        wanted += messages;
        return;
      }
    }
    untyped.request(messages);
  }

  @Override
  public void sendHeaders(Metadata headers) {
    untyped.sendHeaders(headers);
  }

  @Override
  public void sendMessage(RespT message) {
    untyped.sendMessage(method.streamResponse(message));
  }

  @Override
  public boolean isReady() {
    return untyped.isReady();
  }

  @Override
  public void close(Status status, Metadata trailers) {
    untyped.close(status, trailers);
  }

  @Override
  public boolean isCancelled() {
    return untyped.isCancelled();
  }

  @Override
  public void setMessageCompression(boolean enabled) {
    untyped.setMessageCompression(enabled);
  }

  @Override
  public void setCompression(String compressor) {
    untyped.setCompression(compressor);
  }

  @Override
  public void setOnReadyThreshold(int bytes) {
    untyped.setOnReadyThreshold(bytes);
  }

  @Override
  public SecurityLevel getSecurityLevel() {
    return untyped.getSecurityLevel();
  }

  @Override
  public Attributes getAttributes() {
    return untyped.getAttributes();
  }

  @Override
  public @Nullable String getAuthority() {
    return untyped.getAuthority();
  }

  @Override
  public MethodDescriptor<ReqT, RespT> getMethodDescriptor() {
    return method;
  }

  private static final class Parsing<Q> extends ServerCall.Listener<InputStream> {
    private final ServerCall.Listener<Q> listener;
    private final TypedCall<Q, ?> call;

    Parsing(ServerCall.Listener<Q> listener, TypedCall<Q, ?> call) {
      this.listener = listener;
      this.call = call;
    }

    @Override
    public void onMessage(InputStream message) {
      listener.onMessage(call.method.parseRequest(message));
    }

    @Override
    public void onHalfClose() {
      listener.onHalfClose();
    }

    @Override
    public void onCancel() {
      listener.onCancel();
    }

    @Override
    public void onComplete() {
      listener.onComplete();
    }

    @Override
    public void onReady() {
      listener.onReady();
    }
  }
}
