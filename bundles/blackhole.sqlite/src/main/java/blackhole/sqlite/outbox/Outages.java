package blackhole.sqlite.outbox;

import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import blackhole.sqlite.outbox.OutboxPublisher.NotPublished;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;

/** What is said of times in which nothing is published, and when to try again. For one thread. */
final class Outages {
  private static final System.Logger LOG = System.getLogger(OutboxPublisher.class.getName());
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(15);

  /** Somebody wants it so. */
  private static final Set<String> WANTED =
      Set.of(Reasons.SERVICE_NOT_FOUND, Reasons.SERVICE_STOPPED);

  private int failures;

  /** Returns how long to wait before the next try; the first of an outage is told. */
  Duration failed(Exception failure) {
    if (failures++ == 0) {
      tell(failure);
    }
    Duration pause = FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
    return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
  }

  private static void tell(Exception failure) {
    if (failure instanceof NotPublished) {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      boolean wanted = RpcStatus.reasonOf(cause).filter(WANTED::contains).isPresent();
      LOG.log(
          wanted ? Level.INFO : Level.WARNING,
          "events wait in the outbox, as they cannot be published now: {0}",
          cause.toString());
    } else {
      LOG.log(Level.WARNING, "the outbox cannot be read now", failure);
    }
  }

  /** Something was published. */
  void over() {
    if (failures > 0) {
      LOG.log(Level.INFO, "events are published again");
      failures = 0;
    }
  }
}
