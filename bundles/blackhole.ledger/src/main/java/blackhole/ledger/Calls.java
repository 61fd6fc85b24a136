package blackhole.ledger;

import blackhole.ledger.call.Call;
import io.grpc.Context;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The patience of gRPC's callers. */
final class Calls {
  /** How long a call may wait that has no deadline of its own. */
  private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(30);

  private static final Duration MAX_BUDGET = Duration.ofSeconds(5);

  private Calls() {}

  /** A step of a call: within its deadline, bounded, and while its caller is still there. */
  static Call step(Context context) {
    Deadline deadline = context.getDeadline();
    long limit = DEFAULT_LIMIT.toNanos();
    if (deadline != null) {
      limit = Math.min(limit, deadline.timeRemaining(TimeUnit.NANOSECONDS));
    }
    return Call.within(Duration.ofNanos(Math.max(0, limit)), context::isCancelled);
  }

  /** As much of a call's time as leaves enough of it to answer, and not too much at once. */
  static Call budget(Context context) {
    long half = step(context).remainingNanos() / 2;
    return Call.within(
        Duration.ofNanos(Math.min(half, MAX_BUDGET.toNanos())), context::isCancelled);
  }
}
