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

  /** The same service, on another TCP port or on none. */
  public ServiceConfig withPort(OptionalInt another) {
    return with(bundle, jvmArgs, another, unixSocket, grpc, custom);
  }

  /**
   * The same service, whose processes are made of what another says: what a process is told at its
   * start, and keeps. All else may change while it runs.
   */
  public ServiceConfig withProcessOf(ServiceConfig other) {
    return with(
        other.bundle,
        other.jvmArgs,
        other.port,
        other.unixSocket,
        grpc.withServerOf(other.grpc),
        other.custom);
  }

  private ServiceConfig with(
      String newBundle,
      List<String> newJvmArgs,
      OptionalInt newPort,
      Optional<String> newUnixSocket,
      GrpcPolicy newGrpc,
      Map<String, Object> newCustom) {
    return new ServiceConfig(
        name,
        newBundle,
        enabled,
        dependsOn,
        remoteFallback,
        newJvmArgs,
        instances,
        newPort,
        newUnixSocket,
        limits,
        restartPolicy,
        newGrpc,
        circuitBreaker,
        scaling,
        newCustom);
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
