package blackhole.orchestrator.registry;

import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.RemoteFallback;
import blackhole.orchestrator.config.ServiceConfig;

/** How services are called, from their configuration. */
public final class CallPolicies {
  private CallPolicies() {}

  /**
   * @param keepsData whether its bundle declares data, which would split if it were on two nodes
   */
  public static CallPolicy of(ServiceConfig service, boolean keepsData) {
    return new CallPolicy(
        service.grpc().timeout(),
        service.grpc().maxRetries(),
        service.grpc().retryInitialDelay(),
        service.grpc().retryMaxDelay(),
        service.grpc().retryMultiplier(),
        service.grpc().maxMessageSizeBytes(),
        service.grpc().maxConcurrentCalls(),
        service.circuitBreaker().failureThreshold(),
        service.circuitBreaker().successThreshold(),
        service.circuitBreaker().halfOpenTimeout(),
        fallback(service.remoteFallback(), keepsData));
  }

  /**
   * Of a service that this node has not configured, and another one serves: it keeps nothing here
   * that could be split.
   */
  public static CallPolicy elsewhere() {
    return CallPolicy.DEFAULT.withRemoteFallback(RemoteFallback.ALWAYS);
  }

  private static RemoteFallback fallback(
      ServiceConfig.RemoteFallback configured, boolean keepsData) {
    return switch (configured) {
      case NEVER -> RemoteFallback.NEVER;
      case READS -> RemoteFallback.READS;
      case ALWAYS -> RemoteFallback.ALWAYS;
      case DEFAULT -> keepsData ? RemoteFallback.NEVER : RemoteFallback.ALWAYS;
    };
  }
}
