package blackhole.orchestrator.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One service.
 *
 * @param bundle a symbolic name in the jar, or a path
 * @param unixSocket a path, perhaps with {@code {instance}} in it; empty for the default in the
 *     home
 * @param instances how many to run; with scaling, its minimum
 * @param custom as {@link blackhole.api.host.Assignment#custom}
 */
public record ServiceConfig(
    String name,
    String bundle,
    boolean enabled,
    List<String> dependsOn,
    RemoteFallback remoteFallback,
    List<String> jvmArgs,
    int instances,
    OptionalInt port,
    Optional<String> unixSocket,
    ResourceLimits limits,
    RestartPolicy restartPolicy,
    GrpcPolicy grpc,
    CircuitBreakerPolicy circuitBreaker,
    Optional<ScalingPolicy> scaling,
    Map<String, Object> custom) {
  /** May calls go to other nodes when there is no local instance? */
  public enum RemoteFallback {
    /** The default of the service's kind: never with data, always without. */
    DEFAULT,
    NEVER,
    READS,
    ALWAYS
  }
}
