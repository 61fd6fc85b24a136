package blackhole.client.service;

import blackhole.api.registry.Availability;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.RemoteFallback;
import blackhole.api.registry.ServiceDirectory;
import blackhole.api.registry.ServiceRecord;
import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import io.grpc.Deadline;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the registry says of a service while there is nobody to take its calls, and what becomes of
 * a call then: it is held while waiting is worth it, and else fails at once. Deciding has no side
 * effects.
 *
 * @param record empty as long as the name is unknown
 */
record Situation(
    String service, Side side, ServiceDirectory directory, Optional<ServiceRecord> record) {
  /** How long a call waits for a service that is expected, whatever its deadline. */
  static final Duration HOLD_LIMIT = Duration.ofSeconds(30);

  /**
   * @param answer what the call fails with; null when it is held
   * @param reason why it is held or fails, in words
   */
  record Decision(@Nullable RpcStatus answer, String reason) {
    static Decision hold(String reason) {
      return new Decision(null, reason);
    }

    static Decision fail(String code, String message) {
      return new Decision(unavailable(code, message), message);
    }

    static Decision fail(String code, String message, Duration retryAfter) {
      return new Decision(unavailable(code, message).retryAfter(retryAfter), message);
    }

    private static RpcStatus unavailable(String code, String message) {
      return RpcStatus.of(Status.Code.UNAVAILABLE, Reasons.DOMAIN, code, message);
    }
  }

  /** The instances of this side that calls may go to. */
  List<RegisteredEndpoint> usable() {
    return record.map(side::usable).orElse(List.of());
  }

  /**
   * For a call while the registry has no instance that it may go to.
   *
   * @param deadline of the call; null when it has none
   * @param waited how long the call has waited already
   */
  Decision withoutInstance(@Nullable Deadline deadline, Duration waited) {
    Duration left = HOLD_LIMIT.minus(waited);
    if (record.isEmpty()) {
      if (directory.isComplete()) {
        return Decision.fail(Reasons.SERVICE_NOT_FOUND, "there is no service \"" + service + "\"");
      }
      return holdFor(left, service + " may be a service that this process was not told of yet");
    }
    Availability availability = record.get().availability();
    return switch (availability.state()) {
      case EXPECTED -> expected(availability, deadline, left);
      case STOPPED ->
          Decision.fail(
              Reasons.SERVICE_STOPPED, reason(availability, service + " is stopped") + elsewhere());
      case FAILED ->
          Decision.fail(
              Reasons.SERVICE_FAILED,
              reason(availability, service + " was given up after too many failures")
                  + elsewhere());
      case SERVING -> serving(waited);
    };
  }

  private Decision expected(Availability availability, @Nullable Deadline deadline, Duration left) {
    String reason = reason(availability, service + " is about to start");
    if (availability.expected().isPresent()) {
      Deadline next = availability.expected().get();
      Duration until = Duration.ofNanos(Math.max(0, next.timeRemaining(TimeUnit.NANOSECONDS)));
      boolean tooLate = deadline != null && deadline.isBefore(next);
      if (tooLate || until.compareTo(left) > 0) {
        return Decision.fail(Reasons.SERVICE_NOT_READY, reason, until);
      }
    }
    return holdFor(left, reason);
  }

  /** What keeps other nodes from helping out, where they might. */
  private String elsewhere() {
    if (record.orElseThrow().policy().remoteFallback() == RemoteFallback.NEVER) {
      return "";
    }
    return record.orElseThrow().endpoints().stream()
        .filter(e -> e.type() == RegisteredEndpoint.Type.REMOTE && !e.isUsable())
        .map(e -> "; " + describe(e))
        .collect(Collectors.joining());
  }

  /** Each instance is unhealthy; or the registry has none, for the moment between two changes. */
  private Decision serving(Duration waited) {
    List<RegisteredEndpoint> unhealthy =
        record.orElseThrow().endpoints().stream().filter(e -> !e.isUsable()).toList();
    if (unhealthy.isEmpty()) {
      return holdFor(side.connectTimeout().minus(waited), service + " has no instance");
    }
    return Decision.fail(
        Reasons.SERVICE_UNHEALTHY,
        "every instance of "
            + service
            + " is unhealthy: "
            + unhealthy.stream().map(Situation::describe).collect(Collectors.joining("; ")));
  }

  /**
   * For a call while the registry has instances, and none of them is connected.
   *
   * @param since how long this has been so
   * @param problem why, in words; empty when nothing has failed yet
   */
  Decision withoutConnection(Duration since, String problem) {
    String reason = service + " cannot be reached" + (problem.isEmpty() ? "" : ": " + problem);
    return holdFor(side.connectTimeout().minus(since), reason);
  }

  /** For a call while no connection can be made, which waiting will not change. */
  Decision refused(String problem) {
    return Decision.fail(Reasons.SERVICE_NOT_READY, service + " cannot be reached: " + problem);
  }

  private static Decision holdFor(Duration left, String reason) {
    return left.isNegative() || left.isZero()
        ? Decision.fail(Reasons.SERVICE_NOT_READY, reason)
        : Decision.hold(reason);
  }

  private static String reason(Availability availability, String otherwise) {
    return availability.reason().isEmpty() ? otherwise : availability.reason();
  }

  private static String describe(RegisteredEndpoint endpoint) {
    String name =
        endpoint.type() == RegisteredEndpoint.Type.LOCAL
            ? endpoint.service() + "-" + endpoint.instance()
            : endpoint.service() + " on " + endpoint.nodeId();
    return endpoint.message().isEmpty() ? name : name + " (" + endpoint.message() + ")";
  }
}
