package blackhole.bench.growth;

import blackhole.orchestrator.config.CircuitBreakerPolicy;
import blackhole.orchestrator.config.GrpcPolicy;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ResourceLimits;
import blackhole.orchestrator.config.RestartPolicy;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.SupervisorConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Configurations of many services, with the defaults that users have. */
final class SimulatedConfig {
  private static final SupervisorConfig SUPERVISOR =
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

  /** They die without end. */
  private static final RestartPolicy RESTART =
      new RestartPolicy(
          1_000_000,
          Duration.ofSeconds(1),
          2.0,
          Duration.ofSeconds(30),
          0.2,
          Duration.ofMinutes(10));

  private SimulatedConfig() {}

  static String name(int service) {
    return "s" + service;
  }

  /** Each service but the first depends on that one, and on one other before it. */
  static NodeConfig of(int services, int instances) {
    Map<String, ServiceConfig> all = new LinkedHashMap<>();
    for (int i = 0; i < services; i++) {
      List<String> dependsOn =
          i == 0 ? List.of() : i < 4 ? List.of(name(0)) : List.of(name(0), name(i / 2));
      all.put(name(i), service(name(i), instances, dependsOn));
    }
    return new NodeConfig(Optional.empty(), all, SUPERVISOR, Map.of());
  }

  private static ServiceConfig service(String name, int instances, List<String> dependsOn) {
    return new ServiceConfig(
        name,
        "blackhole." + name,
        true,
        dependsOn,
        ServiceConfig.RemoteFallback.DEFAULT,
        List.of(),
        instances,
        OptionalInt.empty(),
        Optional.empty(),
        new ResourceLimits(256 << 20, OptionalDouble.empty(), 0, OptionalInt.empty()),
        RESTART,
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
}
