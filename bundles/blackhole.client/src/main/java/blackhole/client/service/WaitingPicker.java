package blackhole.client.service;

import blackhole.client.tls.TlsFailure;
import io.grpc.Deadline;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * While no instance is connected: holds calls, or lets them fail. What fails here is "dropped" in
 * gRPC's words: it is not retried, and fails at once even if the call waits for readiness.
 * Thread-safe.
 */
final class WaitingPicker extends SubchannelPicker {
  private final Situation situation;
  private final @Nullable SubchannelPicker choice;
  private final long unconnectedSinceNanos;
  private final LongSupplier nanoTime;
  private final Runnable lookLater;
  private final AtomicBoolean lookAsked = new AtomicBoolean();

  /**
   * @param choice the child's picker, which knows why nothing is connected; null without instances
   * @param lookLater asks for another picker soon
   */
  WaitingPicker(
      Situation situation,
      @Nullable SubchannelPicker choice,
      long unconnectedSinceNanos,
      LongSupplier nanoTime,
      Runnable lookLater) {
    this.situation = situation;
    this.choice = choice;
    this.unconnectedSinceNanos = unconnectedSinceNanos;
    this.nanoTime = nanoTime;
    this.lookLater = lookLater;
  }

  @Override
  public PickResult pickSubchannel(PickSubchannelArgs args) {
    ServiceCall<?, ?> call = ServiceCall.attempted(args);
    Situation.Decision decision = decide(args, call);
    if (decision.answer() != null) {
      return PickResult.withDrop(PlatformAnswer.carry(decision.answer()));
    }
    if (call != null) {
      call.held(decision.reason());
    }
    if (lookAsked.compareAndSet(false, true)) {
      lookLater.run();
    }
    return PickResult.withNoResult();
  }

  private Situation.Decision decide(PickSubchannelArgs args, @Nullable ServiceCall<?, ?> call) {
    long now = nanoTime.getAsLong();
    Duration unconnected = Duration.ofNanos(now - unconnectedSinceNanos);
    if (choice == null && situation.usable().isEmpty()) {
      Deadline deadline = call == null ? args.getCallOptions().getDeadline() : call.deadline();
      Duration waited = call == null ? unconnected : Duration.ofNanos(now - call.startedNanos());
      return situation.withoutInstance(deadline, waited);
    }
    Status status =
        choice == null
            ? Status.UNAVAILABLE.withDescription("no address was found")
            : choice.pickSubchannel(args).getStatus();
    if (status.isOk()) {
      return situation.withoutConnection(unconnected, "");
    }
    String refusal = TlsFailure.describe(status.getCause());
    return refusal == null
        ? situation.withoutConnection(unconnected, problem(status))
        : situation.refused(refusal);
  }

  /** What the deepest cause says: "Connection refused: ...", for example. */
  private static String problem(Status status) {
    Throwable cause = status.getCause();
    String problem = status.getDescription();
    while (cause != null) {
      problem = cause.getMessage() == null ? problem : cause.getMessage();
      cause = cause.getCause();
    }
    return problem == null ? status.getCode().toString() : problem;
  }
}
