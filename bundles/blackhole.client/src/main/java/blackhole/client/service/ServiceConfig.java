package blackhole.client.service;

import blackhole.api.registry.Idempotency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * gRPC's service config for a service, in its JSON form: retries for the methods that may be
 * repeated, their throttle, and the balancer. See <a
 * href="https://github.com/grpc/grpc/blob/master/doc/service_config.md">gRPC's documentation</a>.
 */
final class ServiceConfig {
  private static final List<String> RETRYABLE =
      List.of(
          "UNAVAILABLE",
          "RESOURCE_EXHAUSTED",
          "ABORTED",
          "DEADLINE_EXCEEDED",
          // what gRPC says of a connection that went in the moment of a write; an endpoint of ours
          // never answers so, as what a handler throws is INTERNAL
          "UNKNOWN");

  /** gRPC's own bound for the throttle's tokens. */
  private static final int MOST_TOKENS = 1000;

  private static final int USUAL_TOKENS = 100;

  /** For one token that a failure takes, ten successes. */
  private static final double TOKENS_PER_SUCCESS = 0.1;

  private ServiceConfig() {}

  static Map<String, ?> of(RetrySettings retries, Map<String, Idempotency> methods) {
    Map<String, Object> config = new HashMap<>();
    config.put("loadBalancingConfig", List.of(Map.of(ServiceBalancerProvider.POLICY, Map.of())));
    List<Map<String, String>> names = repeatable(methods);
    if (retries.maxRetries() > 0 && !names.isEmpty()) {
      config.put(
          "methodConfig", List.of(Map.of("name", names, "retryPolicy", retryPolicy(retries))));
      config.put(
          "retryThrottling",
          Map.of("maxTokens", tokens(retries.maxRetries()), "tokenRatio", TOKENS_PER_SUCCESS));
    }
    return config;
  }

  private static List<Map<String, String>> repeatable(Map<String, Idempotency> methods) {
    List<Map<String, String>> names = new ArrayList<>();
    methods.forEach(
        (method, idempotency) -> {
          int slash = method.lastIndexOf('/');
          if (idempotency != Idempotency.UNKNOWN && slash > 0) {
            names.add(
                Map.of(
                    "service", method.substring(0, slash), "method", method.substring(slash + 1)));
          }
        });
    return names;
  }

  private static Map<String, ?> retryPolicy(RetrySettings retries) {
    return Map.of(
        "maxAttempts", retries.maxRetries() + 1.0,
        "initialBackoff", seconds(retries.initialDelay()),
        "maxBackoff", seconds(retries.maxDelay()),
        "backoffMultiplier", retries.multiplier(),
        "retryableStatusCodes", RETRYABLE);
  }

  /** Retries stop below half of the tokens, so that one call's own retries never get there. */
  private static double tokens(int maxRetries) {
    return Math.min(MOST_TOKENS, Math.max(USUAL_TOKENS, 4L * maxRetries));
  }

  private static String seconds(Duration duration) {
    return String.format(
        java.util.Locale.ROOT, "%d.%09ds", duration.toSeconds(), duration.getNano());
  }
}
