package blackhole.orchestrator.control;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.Idempotency;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.RemoteFallback;
import blackhole.api.registry.ServiceRecord;
import blackhole.control.v1.Method;
import blackhole.control.v1.RegistryUpdate;
import blackhole.control.v1.ServiceAvailability;
import blackhole.control.v1.ServiceEntry;
import blackhole.orchestrator.registry.DirectoryFeed;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The registry in the words of the control protocol. */
public final class RegistryMessages {
  private RegistryMessages() {}

  /** A method table, as a host announces it. */
  public static Map<String, Idempotency> methods(Collection<Method> announced) {
    Map<String, Idempotency> methods = new HashMap<>();
    announced.forEach(
        method ->
            methods.put(
                method.getName(),
                switch (method.getIdempotency()) {
                  case IDEMPOTENT -> Idempotency.IDEMPOTENT;
                  case NO_SIDE_EFFECTS -> Idempotency.NO_SIDE_EFFECTS;
                  case IDEMPOTENCY_UNSPECIFIED, UNRECOGNIZED -> Idempotency.UNKNOWN;
                }));
    return methods;
  }

  static RegistryUpdate.Builder update(DirectoryFeed.Delta delta) {
    RegistryUpdate.Builder update =
        RegistryUpdate.newBuilder()
            .setEpoch(delta.epoch())
            .setRevision(delta.revision())
            .setComplete(delta.complete())
            .addAllRemoved(delta.removed());
    delta.services().forEach(service -> update.addServices(entry(service)));
    return update;
  }

  private static ServiceEntry entry(ServiceRecord service) {
    ServiceEntry.Builder entry =
        ServiceEntry.newBuilder()
            .setName(service.name())
            .setRevision(service.revision())
            .setAvailability(availability(service.availability()))
            .setPolicy(policy(service.policy()));
    new TreeMap<>(service.methods())
        .forEach(
            (name, idempotency) ->
                entry.addMethods(
                    Method.newBuilder().setName(name).setIdempotency(idempotency(idempotency))));
    service.endpoints().forEach(endpoint -> entry.addEndpoints(endpoint(endpoint)));
    return entry.build();
  }

  private static ServiceAvailability availability(Availability availability) {
    ServiceAvailability.Builder message =
        ServiceAvailability.newBuilder()
            .setState(
                switch (availability.state()) {
                  case SERVING -> ServiceAvailability.State.SERVING;
                  case EXPECTED -> ServiceAvailability.State.EXPECTED;
                  case STOPPED -> ServiceAvailability.State.STOPPED;
                  case FAILED -> ServiceAvailability.State.FAILED;
                })
            .setReason(availability.reason());
    availability
        .expected()
        .ifPresent(
            when ->
                message.setExpectedInMillis(
                    Math.max(0, when.timeRemaining(TimeUnit.MILLISECONDS))));
    return message.build();
  }

  private static blackhole.control.v1.CallPolicy policy(CallPolicy policy) {
    return blackhole.control.v1.CallPolicy.newBuilder()
        .setTimeoutMillis(policy.timeout().toMillis())
        .setMaxRetries(policy.maxRetries())
        .setRetryInitialDelayMillis(policy.retryInitialDelay().toMillis())
        .setRetryMaxDelayMillis(policy.retryMaxDelay().toMillis())
        .setRetryMultiplier(policy.retryMultiplier())
        .setMaxMessageSizeBytes(policy.maxMessageSizeBytes())
        .setMaxConcurrentCalls(policy.maxConcurrentCalls())
        .setFailureThreshold(policy.failureThreshold())
        .setSuccessThreshold(policy.successThreshold())
        .setHalfOpenTimeoutMillis(policy.halfOpenTimeout().toMillis())
        .setRemoteFallback(fallback(policy.remoteFallback()))
        .build();
  }

  private static blackhole.control.v1.CallPolicy.RemoteFallback fallback(RemoteFallback fallback) {
    return switch (fallback) {
      case NEVER -> blackhole.control.v1.CallPolicy.RemoteFallback.NEVER;
      case READS -> blackhole.control.v1.CallPolicy.RemoteFallback.READS;
      case ALWAYS -> blackhole.control.v1.CallPolicy.RemoteFallback.ALWAYS;
    };
  }

  private static blackhole.control.v1.Idempotency idempotency(Idempotency idempotency) {
    return switch (idempotency) {
      case UNKNOWN -> blackhole.control.v1.Idempotency.IDEMPOTENCY_UNSPECIFIED;
      case IDEMPOTENT -> blackhole.control.v1.Idempotency.IDEMPOTENT;
      case NO_SIDE_EFFECTS -> blackhole.control.v1.Idempotency.NO_SIDE_EFFECTS;
    };
  }

  private static blackhole.control.v1.RegisteredEndpoint endpoint(RegisteredEndpoint endpoint) {
    blackhole.control.v1.RegisteredEndpoint.Builder message =
        blackhole.control.v1.RegisteredEndpoint.newBuilder()
            .setId(endpoint.id())
            .setInstance(endpoint.instance())
            .setType(
                switch (endpoint.type()) {
                  case LOCAL -> blackhole.control.v1.RegisteredEndpoint.Type.LOCAL;
                  case REMOTE -> blackhole.control.v1.RegisteredEndpoint.Type.REMOTE;
                })
            .setNodeId(endpoint.nodeId())
            .setHealth(health(endpoint))
            .setMessage(endpoint.message())
            .setLastSeenMillis(endpoint.lastSeen().toEpochMilli());
    endpoint.socket().map(Path::toString).ifPresent(message::setSocket);
    endpoint.host().ifPresent(message::setHost);
    endpoint.port().ifPresent(message::setPort);
    endpoint.certificateAuthority().map(Path::toString).ifPresent(message::setCertificateAuthority);
    endpoint.pid().ifPresent(message::setPid);
    return message.build();
  }

  private static blackhole.control.v1.RegisteredEndpoint.Health health(
      RegisteredEndpoint endpoint) {
    return switch (endpoint.health()) {
      case HEALTHY -> blackhole.control.v1.RegisteredEndpoint.Health.HEALTHY;
      case DEGRADED -> blackhole.control.v1.RegisteredEndpoint.Health.DEGRADED;
      case UNHEALTHY -> blackhole.control.v1.RegisteredEndpoint.Health.UNHEALTHY;
      case UNREACHABLE -> blackhole.control.v1.RegisteredEndpoint.Health.UNREACHABLE;
      case DOWN -> blackhole.control.v1.RegisteredEndpoint.Health.DOWN;
      case UNKNOWN -> blackhole.control.v1.RegisteredEndpoint.Health.HEALTH_UNSPECIFIED;
    };
  }
}
