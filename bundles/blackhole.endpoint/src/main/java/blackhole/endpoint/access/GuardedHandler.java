package blackhole.endpoint.access;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import org.jspecify.annotations.Nullable;

/**
 * In front of any method. What the method needs is read at its first call: schemas take
 * milliseconds to unfold, and services are registered while somebody waits for the process to
 * start.
 */
final class GuardedHandler<ReqT, RespT> implements ServerCallHandler<ReqT, RespT> {
  private final AccessControl control;
  private final MethodDescriptor<ReqT, RespT> method;
  private final ServerCallHandler<ReqT, RespT> next;

  /** Two first calls at once both find the same. */
  private volatile @Nullable ServerCallHandler<ReqT, RespT> chosen;

  GuardedHandler(
      AccessControl control,
      MethodDescriptor<ReqT, RespT> method,
      ServerCallHandler<ReqT, RespT> next) {
    this.control = control;
    this.method = method;
    this.next = next;
  }

  @Override
  public ServerCall.Listener<ReqT> startCall(ServerCall<ReqT, RespT> call, Metadata headers) {
    ServerCallHandler<ReqT, RespT> handler = chosen;
    if (handler == null) {
      handler = control.choose(AccessOption.of(method), next);
      chosen = handler;
    }
    return handler.startCall(call, headers);
  }
}
