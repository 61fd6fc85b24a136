package blackhole.endpoint.call;

import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Takes so many calls a second for the process's own services, and tells the others when to come
 * again. Health and reflection are exempt: a busy service is no sick one. Thread-safe.
 */
public final class RateLimit implements ServerInterceptor {
  private final int callsPerSecond;
  private final TokenBucket bucket;
  private final Runnable onRefusal;

  /**
   * @param onRefusal called for each call that is refused
   */
  public RateLimit(int callsPerSecond, Runnable onRefusal) {
    this(callsPerSecond, onRefusal, System::nanoTime);
  }

  RateLimit(int callsPerSecond, Runnable onRefusal, LongSupplier nanoTime) {
    this.callsPerSecond = callsPerSecond;
    this.bucket = new TokenBucket(callsPerSecond, nanoTime);
    this.onRefusal = onRefusal;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    String service = call.getMethodDescriptor().getServiceName();
    if (service != null && PlatformServices.isOwn(service)) {
      long waitNanos = bucket.tryTake();
      if (waitNanos > 0) {
        onRefusal.run();
        refuse(call, Duration.ofNanos(waitNanos));
        return new ServerCall.Listener<>() {};
      }
    }
    return next.startCall(call, headers);
  }

  private void refuse(ServerCall<?, ?> call, Duration wait) {
    RpcStatus status =
        RpcStatus.of(
                Status.Code.RESOURCE_EXHAUSTED,
                Reasons.DOMAIN,
                Reasons.RATE_LIMITED,
                "this instance takes " + callsPerSecond + " calls a second")
            .retryAfter(wait);
    call.close(status.status(), RetryPushback.after(wait, status.trailers()));
  }
}
