package blackhole.orchestrator.config.parser;

import blackhole.orchestrator.config.CircuitBreakerPolicy;
import blackhole.orchestrator.config.GrpcPolicy;
import blackhole.orchestrator.config.ResourceLimits;
import blackhole.orchestrator.config.RestartPolicy;
import blackhole.orchestrator.config.ScalingPolicy;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.schema.CallKeys;
import blackhole.orchestrator.config.schema.Key;
import blackhole.orchestrator.config.schema.LimitKeys;
import blackhole.orchestrator.config.schema.RestartKeys;
import blackhole.orchestrator.config.schema.ServiceKeys;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The record of one service. */
final class ServiceReader {
  private final Values values;
  private final String name;

  private ServiceReader(Values values, String name) {
    this.values = values;
    this.name = name;
  }

  static ServiceConfig read(Values values, String name, Path folder) {
    return new ServiceReader(values, name).service(folder);
  }

  private ServiceConfig service(Path folder) {
    Optional<ScalingPolicy> scaling = scaling();
    return new ServiceConfig(
        name,
        bundle(folder),
        get(ServiceKeys.ENABLED),
        get(ServiceKeys.DEPENDS_ON).stream().distinct().toList(),
        find(ServiceKeys.REMOTE_FALLBACK).orElse(ServiceConfig.RemoteFallback.DEFAULT),
        get(ServiceKeys.JVM_ARGS),
        scaling.map(ScalingPolicy::minInstances).orElseGet(() -> get(ServiceKeys.INSTANCES)),
        optionalInt(ServiceKeys.PORT),
        find(ServiceKeys.UNIX_SOCKET),
        limits(),
        restartPolicy(),
        grpc(),
        circuitBreaker(),
        scaling,
        custom());
  }

  private <T> T get(Key<T> key) {
    return values.get(key, name);
  }

  private <T> Optional<T> find(Key<T> key) {
    return values.find(key, name);
  }

  private OptionalInt optionalInt(Key<Integer> key) {
    return find(key).map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  /** A path is made absolute as text: whether it can be a path here is checked later. */
  private String bundle(Path folder) {
    String bundle = get(ServiceKeys.BUNDLE);
    boolean path = bundle.contains("/") || bundle.endsWith(".jar");
    return !path || bundle.startsWith("/") ? bundle : folder + "/" + bundle;
  }

  private ResourceLimits limits() {
    return new ResourceLimits(
        get(LimitKeys.MAX_MEMORY),
        find(LimitKeys.MAX_CPU).map(OptionalDouble::of).orElse(OptionalDouble.empty()),
        get(LimitKeys.CPU_PERIOD),
        get(LimitKeys.IO_PRIORITY),
        optionalInt(LimitKeys.MAX_FILE_DESC),
        optionalInt(LimitKeys.MAX_THREADS));
  }

  private RestartPolicy restartPolicy() {
    return new RestartPolicy(
        get(RestartKeys.MAX_RESTARTS),
        get(RestartKeys.RESTART_DELAY),
        get(RestartKeys.BACKOFF_FACTOR),
        get(RestartKeys.MAX_BACKOFF),
        get(RestartKeys.JITTER),
        get(RestartKeys.WINDOW));
  }

  private GrpcPolicy grpc() {
    return new GrpcPolicy(
        Math.toIntExact(get(CallKeys.MAX_MESSAGE_SIZE)),
        get(CallKeys.TIMEOUT),
        get(CallKeys.MAX_RETRIES),
        get(CallKeys.MAX_CONCURRENT_CALLS),
        optionalInt(CallKeys.RATE_LIMIT),
        get(CallKeys.RETRY_INITIAL_DELAY),
        get(CallKeys.RETRY_MAX_DELAY),
        get(CallKeys.RETRY_MULTIPLIER));
  }

  private CircuitBreakerPolicy circuitBreaker() {
    return new CircuitBreakerPolicy(
        get(CallKeys.FAILURE_THRESHOLD),
        get(CallKeys.SUCCESS_THRESHOLD),
        get(CallKeys.HALF_OPEN_TIMEOUT));
  }

  private Optional<ScalingPolicy> scaling() {
    if (!values.hasSection(ServiceKeys.SCALING_SECTION.replace("*", name))) {
      return Optional.empty();
    }
    return Optional.of(
        new ScalingPolicy(
            get(ServiceKeys.MIN_INSTANCES),
            get(ServiceKeys.MAX_INSTANCES),
            get(ServiceKeys.CPU_SCALE_THRESHOLD),
            get(ServiceKeys.MEM_SCALE_THRESHOLD),
            get(ServiceKeys.SCALE_UP_COOLDOWN),
            get(ServiceKeys.SCALE_DOWN_COOLDOWN)));
  }

  private Map<String, Object> custom() {
    Map<String, Object> custom = new LinkedHashMap<>();
    for (String setting : values.names(ServiceKeys.CUSTOM_SECTION.replace("*", name))) {
      values.find(ServiceKeys.CUSTOM, name, setting).ifPresent(value -> custom.put(setting, value));
    }
    return custom;
  }
}
