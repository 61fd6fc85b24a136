package blackhole.endpoint.access;

import blackhole.access.v1.Access;
import blackhole.api.rpc.RpcStatus;
import blackhole.api.service.Caller;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * In front of a method that not everybody may call. A call whose token identity must be asked of
 * waits without a thread.
 */
final class AccessHandler<ReqT, RespT> implements ServerCallHandler<ReqT, RespT> {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final String BEARER = "bearer ";
  private static final String ADMIN = "admin";

  private final AccessControl control;
  private final Access access;
  private final ServerCallHandler<ReqT, RespT> next;

  AccessHandler(AccessControl control, Access access, ServerCallHandler<ReqT, RespT> next) {
    this.control = control;
    this.access = access;
    this.next = next;
  }

  @Override
  public ServerCall.Listener<ReqT> startCall(ServerCall<ReqT, RespT> call, Metadata headers) {
    Caller caller = control.identify(call, headers);
    return caller == null
        ? control.identifyLater(call, headers, found -> start(found, call, headers))
        : start(caller, call, headers);
  }

  private ServerCall.Listener<ReqT> start(
      Caller caller, ServerCall<ReqT, RespT> call, Metadata headers) {
    String token = access == Access.ACCESS_HOST ? null : bearer(headers);
    if (token == null) {
      return startWithoutUser(caller, call, headers);
    }
    Caller.User user = control.tokens().recall(token);
    return user == null ? ask(token, caller, call, headers) : startFor(user, caller, call, headers);
  }

  private static @Nullable String bearer(Metadata headers) {
    String value = headers.get(AUTHORIZATION);
    return value != null && value.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? value.substring(BEARER.length()).strip()
        : null;
  }

  private ServerCall.Listener<ReqT> startWithoutUser(
      Caller caller, ServerCall<ReqT, RespT> call, Metadata headers) {
    boolean hostSuffices = access == Access.ACCESS_HOST || access == Access.ACCESS_USER_OR_HOST;
    if (hostSuffices && caller.kind() != Caller.Kind.LOCAL) {
      return OpenHandler.start(caller, call, headers, next);
    }
    return refuse(missing(hostSuffices, call, headers), call);
  }

  private RpcStatus missing(boolean hostSuffices, ServerCall<?, ?> call, Metadata headers) {
    String method = call.getMethodDescriptor().getFullMethodName();
    if (!hostSuffices) {
      return AccessAnswers.userMissing(method);
    }
    if (AccessControl.showsCallToken(call, headers)) {
      return AccessAnswers.hostUnknown();
    }
    return access == Access.ACCESS_HOST
        ? AccessAnswers.hostMissing(method)
        : AccessAnswers.userOrHostMissing(method);
  }

  private ServerCall.Listener<ReqT> startFor(
      Caller.User user, Caller caller, ServerCall<ReqT, RespT> call, Metadata headers) {
    if (access == Access.ACCESS_ADMIN && !user.role().equals(ADMIN)) {
      return refuse(
          AccessAnswers.adminsOnly(call.getMethodDescriptor().getFullMethodName(), user.role()),
          call);
    }
    String name = caller.kind() == Caller.Kind.LOCAL ? user.id() : caller.name();
    return OpenHandler.start(
        new Caller(caller.kind(), name, Optional.of(user)), call, headers, next);
  }

  private ServerCall.Listener<ReqT> ask(
      String token, Caller caller, ServerCall<ReqT, RespT> call, Metadata headers) {
    HeldCall<ReqT> held = new HeldCall<>(call);
    control
        .tokens()
        .ask(token, verdict -> held.proceed(() -> answered(verdict, caller, call, headers)));
    return held.listener();
  }

  private ServerCall.Listener<ReqT> answered(
      UserTokens.Verdict verdict, Caller caller, ServerCall<ReqT, RespT> call, Metadata headers) {
    return verdict instanceof UserTokens.Verdict.Valid valid
        ? startFor(valid.user(), caller, call, headers)
        : refuse(((UserTokens.Verdict.Refused) verdict).status(), call);
  }

  private static <ReqT> ServerCall.Listener<ReqT> refuse(
      RpcStatus status, ServerCall<ReqT, ?> call) {
    call.close(status.status(), status.trailers());
    return new ServerCall.Listener<>() {};
  }
}
