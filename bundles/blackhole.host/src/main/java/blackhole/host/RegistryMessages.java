package blackhole.host;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.Idempotency;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.RemoteFallback;
import blackhole.api.registry.ServiceRecord;
import blackhole.api.supervision.InstanceHealth;
import blackhole.control.v1.ServiceAvailability;
import blackhole.control.v1.ServiceEntry;
import io.grpc.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** The registry out of the words of the control protocol. */
final class RegistryMessages {
  private RegistryMessages() {}

  static ServiceRecord record(ServiceEntry entry) {
    Map<String, Idempotency> methods = new HashMap<>();
    entry
        .getMethodsList()
        .forEach(method -> methods.put(method.getName(), idempotency(method.getIdempotency())));
    return new ServiceRecord(
        entry.getName(),
        entry.getRevision(),
        availability(entry.getAvailability()),
        policy(entry.getPolicy()),
        methods,
        entry.getEndpointsList().stream()
            .map(endpoint -> endpoint(entry.getName(), endpoint))
            .toList());
  }

  private static Idempotency idempotency(blackhole.control.v1.Idempotency idempotency) {
    return switch (idempotency) {
      case IDEMPOTENT -> Idempotency.IDEMPOTENT;
      case NO_SIDE_EFFECTS -> Idempotency.NO_SIDE_EFFECTS;
      case IDEMPOTENCY_UNSPECIFIED, UNRECOGNIZED -> Idempotency.UNKNOWN;
    };
  }

  private static Availability availability(ServiceAvailability message) {
    Optional<Deadline> expected =
        message.hasExpectedInMillis()
            ? Optional.of(Deadline.after(message.getExpectedInMillis(), TimeUnit.MILLISECONDS))
            : Optional.empty();
    return switch (message.getState()) {
      case SERVING -> Availability.SERVING;
      case EXPECTED -> new Availability(Availability.State.EXPECTED, message.getReason(), expected);
      case STOPPED ->
          new Availability(Availability.State.STOPPED, message.getReason(), Optional.empty());
      // what a newer orchestrator may say: nothing to wait for, as far as we know
      case FAILED, STATE_UNSPECIFIED, UNRECOGNIZED ->
          new Availability(Availability.State.FAILED, message.getReason(), Optional.empty());
    };
  }

  private static CallPolicy policy(blackhole.control.v1.CallPolicy policy) {
    return new CallPolicy(
        Duration.ofMillis(policy.getTimeoutMillis()),
        policy.getMaxRetries(),
        Duration.ofMillis(policy.getRetryInitialDelayMillis()),
        Duration.ofMillis(policy.getRetryMaxDelayMillis()),
        policy.getRetryMultiplier(),
        policy.getMaxMessageSizeBytes(),
        policy.getMaxConcurrentCalls(),
        policy.getFailureThreshold(),
        policy.getSuccessThreshold(),
        Duration.ofMillis(policy.getHalfOpenTimeoutMillis()),
        switch (policy.getRemoteFallback()) {
          case READS -> RemoteFallback.READS;
          case ALWAYS -> RemoteFallback.ALWAYS;
          case NEVER, REMOTE_FALLBACK_UNSPECIFIED, UNRECOGNIZED -> RemoteFallback.NEVER;
        });
  }

  private static RegisteredEndpoint endpoint(
      String service, blackhole.control.v1.RegisteredEndpoint endpoint) {
    return new RegisteredEndpoint(
        endpoint.getId(),
        service,
        endpoint.getInstance(),
        switch (endpoint.getType()) {
          case REMOTE -> RegisteredEndpoint.Type.REMOTE;
          case LOCAL, TYPE_UNSPECIFIED, UNRECOGNIZED -> RegisteredEndpoint.Type.LOCAL;
        },
        endpoint.getNodeId(),
        endpoint.hasSocket() ? Optional.of(Path.of(endpoint.getSocket())) : Optional.empty(),
        endpoint.hasHost() ? Optional.of(endpoint.getHost()) : Optional.empty(),
        endpoint.hasPort() ? OptionalInt.of(endpoint.getPort()) : OptionalInt.empty(),
        endpoint.hasCertificateAuthority()
            ? Optional.of(Path.of(endpoint.getCertificateAuthority()))
            : Optional.empty(),
        endpoint.hasPid() ? OptionalLong.of(endpoint.getPid()) : OptionalLong.empty(),
        switch (endpoint.getHealth()) {
          case HEALTHY -> InstanceHealth.HEALTHY;
          case DEGRADED -> InstanceHealth.DEGRADED;
          case UNHEALTHY -> InstanceHealth.UNHEALTHY;
          case UNREACHABLE -> InstanceHealth.UNREACHABLE;
          case DOWN -> InstanceHealth.DOWN;
          case HEALTH_UNSPECIFIED, UNRECOGNIZED -> InstanceHealth.UNKNOWN;
        },
        endpoint.getMessage(),
        Instant.ofEpochMilli(endpoint.getLastSeenMillis()));
  }
}
