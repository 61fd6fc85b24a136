package blackhole.orchestrator.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One service. {@code jvmArgs} and {@code custom} may hold resolved secrets: never log them; {@link
 * #toString} doesn't.
 *
 * @param bundle a symbolic name in the jar, or an absolute path (the only one with a {@code /})
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
  /** What takes the instance's number in {@code unixSocket}. */
  public static final String INSTANCE_PLACEHOLDER = "{instance}";

  /** May calls go to other nodes when there is no local instance? */
  public enum RemoteFallback {
    /** The default of the service's kind: never with data, always without. */
    DEFAULT,
    NEVER,
    READS,
    ALWAYS
  }

  public ServiceConfig {
    dependsOn = List.copyOf(dependsOn);
    jvmArgs = List.copyOf(jvmArgs);
    custom = Collections.unmodifiableMap(new LinkedHashMap<>(custom));
  }

  /** The same service, held to other limits. */
  public ServiceConfig withLimits(ResourceLimits others) {
    return new ServiceConfig(
        name,
        bundle,
        enabled,
        dependsOn,
        remoteFallback,
        jvmArgs,
        instances,
        port,
        unixSocket,
        others,
        restartPolicy,
        grpc,
        circuitBreaker,
        scaling,
        custom);
  }

  /** The jar that {@code bundle} names; empty if it is a symbolic name. */
  public Optional<Path> bundlePath() {
    return bundle.contains("/") ? Optional.of(Path.of(bundle)) : Optional.empty();
  }

  /** How many instances there can ever be at once. */
  public int maxInstances() {
    return scaling.map(ScalingPolicy::maxInstances).orElse(instances);
  }

  /** The configured socket of one instance; empty for the default in the home. */
  public Optional<String> unixSocket(int instance) {
    return unixSocket.map(path -> path.replace(INSTANCE_PLACEHOLDER, Integer.toString(instance)));
  }

  @Override
  public String toString() {
    return "ServiceConfig[" + name + ", bundle=" + bundle + ", custom=" + custom.keySet() + "]";
  }
}
