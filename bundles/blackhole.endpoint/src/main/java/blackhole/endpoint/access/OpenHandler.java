package blackhole.endpoint.access;

import blackhole.api.service.Caller;
import blackhole.endpoint.call.OpenCall;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;

/** In front of a method that whoever gets in may call: it only says who that is. */
final class OpenHandler<ReqT, RespT> implements ServerCallHandler<ReqT, RespT> {
  private final AccessControl control;
  private final ServerCallHandler<ReqT, RespT> next;

  OpenHandler(AccessControl control, ServerCallHandler<ReqT, RespT> next) {
    this.control = control;
    this.next = next;
  }

  @Override
  public ServerCall.Listener<ReqT> startCall(ServerCall<ReqT, RespT> call, Metadata headers) {
    Caller caller = control.identify(call, headers);
    return caller == null
        ? control.identifyLater(call, headers, found -> start(found, call, headers, next))
        : start(caller, call, headers, next);
  }

  static <ReqT, RespT> ServerCall.Listener<ReqT> start(
      Caller caller,
      ServerCall<ReqT, RespT> call,
      Metadata headers,
      ServerCallHandler<ReqT, RespT> next) {
    if (caller == Caller.LOCAL_PROCESS) {
      // what a context without a caller says anyway, without the price of another context
      return next.startCall(call, headers);
    }
    OpenCall open = OpenCall.current();
    if (open != null) {
      open.calledBy(caller);
      return next.startCall(call, headers);
    }
    return Contexts.interceptCall(caller.in(Context.current()), call, headers, next);
  }
}
