package blackhole.host;

import blackhole.api.host.Assignment;
import blackhole.api.registry.CallPolicy;
import blackhole.control.v1.HostCaller;
import blackhole.control.v1.HostCallers;
import blackhole.control.v1.Idempotency;
import blackhole.control.v1.Method;
import blackhole.control.v1.RegisteredEndpoint;
import blackhole.control.v1.RegistryUpdate;
import blackhole.control.v1.ServiceAvailability;
import blackhole.control.v1.ServiceEntry;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;

/** The registry of a node that has one service, as its orchestrator tells it. */
final class OwnListing {
  private OwnListing() {}

  /**
   * @param timeout of its calls
   */
  static RegistryUpdate of(Assignment assignment, Duration timeout) {
    CallPolicy policy = CallPolicy.DEFAULT;
    return RegistryUpdate.newBuilder()
        .setEpoch("rehearsal")
        .setRevision(1)
        .setComplete(true)
        .setCallers(
            HostCallers.newBuilder()
                .addCallers(HostCaller.newBuilder().setName(assignment.service())))
        .addServices(
            ServiceEntry.newBuilder()
                .setName(assignment.service())
                .setRevision(1)
                .setAvailability(
                    ServiceAvailability.newBuilder().setState(ServiceAvailability.State.SERVING))
                .setPolicy(
                    blackhole.control.v1.CallPolicy.newBuilder()
                        .setTimeoutMillis(timeout.toMillis())
                        .setMaxRetries(policy.maxRetries())
                        .setRetryInitialDelayMillis(policy.retryInitialDelay().toMillis())
                        .setRetryMaxDelayMillis(policy.retryMaxDelay().toMillis())
                        .setRetryMultiplier(policy.retryMultiplier())
                        .setMaxMessageSizeBytes(policy.maxMessageSizeBytes())
                        .setMaxConcurrentCalls(policy.maxConcurrentCalls())
                        .setFailureThreshold(policy.failureThreshold())
                        .setSuccessThreshold(policy.successThreshold())
                        .setHalfOpenTimeoutMillis(policy.halfOpenTimeout().toMillis()))
                .addMethods(
                    Method.newBuilder()
                        .setName(HealthGrpc.getCheckMethod().getFullMethodName())
                        .setIdempotency(Idempotency.NO_SIDE_EFFECTS))
                .addEndpoints(
                    RegisteredEndpoint.newBuilder()
                        .setId(assignment.service())
                        .setInstance(assignment.instance())
                        .setType(RegisteredEndpoint.Type.LOCAL)
                        .setNodeId(assignment.nodeId())
                        .setSocket(assignment.link().toString())
                        .setHealth(RegisteredEndpoint.Health.HEALTHY)))
        .build();
  }
}
