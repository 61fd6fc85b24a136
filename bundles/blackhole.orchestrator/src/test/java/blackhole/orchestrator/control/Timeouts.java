package blackhole.orchestrator.control;

import java.util.concurrent.ScheduledThreadPoolExecutor;

/** A timer whose queue shows which timeouts are still to come. */
final class Timeouts extends ScheduledThreadPoolExecutor {
  Timeouts() {
    super(1);
    setRemoveOnCancelPolicy(true);
  }
}
