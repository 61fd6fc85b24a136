package blackhole.storage;

import blackhole.api.service.Caller;
import blackhole.storage.call.Call;
import io.grpc.Context;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The patience of gRPC's callers. */
final class Calls {
  /** How long the index may take for a call without a deadline of its own. */
  private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(30);

  private Calls() {}

  /**
   * A step of a call: within its deadline, bounded, and while its caller is still there; on behalf
   * of the caller's user.
   */
  static Call step(Context context) {
    Deadline deadline = context.getDeadline();
    long limit = DEFAULT_LIMIT.toNanos();
    if (deadline != null) {
      limit = Math.min(limit, deadline.timeRemaining(TimeUnit.NANOSECONDS));
    }
    return Call.within(Duration.ofNanos(Math.max(0, limit)), context::isCancelled)
        .by(user(context));
  }

  private static String user(Context context) {
    Context previous = context.attach();
    try {
      return Caller.current().user().map(Caller.User::did).orElse("");
    } finally {
      context.detach(previous);
    }
  }
}
