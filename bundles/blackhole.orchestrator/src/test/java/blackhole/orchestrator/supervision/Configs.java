package blackhole.orchestrator.supervision;

import blackhole.orchestrator.config.CircuitBreakerPolicy;
import blackhole.orchestrator.config.GrpcPolicy;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ResourceLimits;
import blackhole.orchestrator.config.RestartPolicy;
import blackhole.orchestrator.config.ScalingPolicy;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.SupervisorConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Configurations for tests, with the defaults that users have. */
final class Configs {
  static final RestartPolicy RESTART =
      new RestartPolicy(
          5, Duration.ofSeconds(1), 2.0, Duration.ofSeconds(30), 0.2, Duration.ofMinutes(10));

  static final SupervisorConfig SUPERVISOR =
      new SupervisorConfig(
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          3,
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          SupervisorConfig.OrchestratorLoss.ADOPT,
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          0,
          Duration.ofSeconds(5),
          10);

  private Configs() {}

  static ServiceConfig service(String name, String... dependsOn) {
    return service(name, 1, true, RESTART, dependsOn);
  }

  static ServiceConfig service(
      String name, int instances, boolean enabled, RestartPolicy restart, String... dependsOn) {
    return new ServiceConfig(
        name,
        "blackhole." + name,
        enabled,
        List.of(dependsOn),
        ServiceConfig.RemoteFallback.DEFAULT,
        List.of(),
        instances,
        OptionalInt.empty(),
        Optional.empty(),
        new ResourceLimits(256 << 20, OptionalDouble.empty(), 0, OptionalInt.empty()),
        restart,
        new GrpcPolicy(
            10 << 20,
            Duration.ofSeconds(30),
            3,
            1024,
            OptionalInt.empty(),
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            2.0),
        new CircuitBreakerPolicy(5, 2, Duration.ofSeconds(30)),
        Optional.empty(),
        Map.of());
  }

  static ServiceConfig scaled(String name, int min, int max) {
    ServiceConfig one = service(name, min, true, RESTART);
    return new ServiceConfig(
        name,
        one.bundle(),
        true,
        one.dependsOn(),
        one.remoteFallback(),
        one.jvmArgs(),
        min,
        one.port(),
        one.unixSocket(),
        one.limits(),
        one.restartPolicy(),
        one.grpc(),
        one.circuitBreaker(),
        Optional.of(
            new ScalingPolicy(min, max, 0.8, 0.8, Duration.ofSeconds(30), Duration.ofMinutes(5))),
        one.custom());
  }

  static NodeConfig node(ServiceConfig... services) {
    Map<String, ServiceConfig> byName = new LinkedHashMap<>();
    for (ServiceConfig service : services) {
      byName.put(service.name(), service);
    }
    return new NodeConfig(Optional.empty(), byName, SUPERVISOR, Map.of());
  }

  /** The same, whose hosts are asked for their health at another interval. */
  static NodeConfig withHealthInterval(NodeConfig config, Duration interval) {
    SupervisorConfig now = config.supervisor();
    return new NodeConfig(
        config.nodeId(),
        config.services(),
        new SupervisorConfig(
            now.startTimeout(),
            interval,
            now.healthCheckTimeout(),
            now.livenessFailures(),
            now.stableAfter(),
            now.staleProcessTimeout(),
            now.onOrchestratorLoss(),
            now.gracefulShutdownTimeout(),
            now.sampleInterval(),
            now.warmSpares(),
            now.updateObservation(),
            now.versionsKept()),
        config.policies());
  }
}
