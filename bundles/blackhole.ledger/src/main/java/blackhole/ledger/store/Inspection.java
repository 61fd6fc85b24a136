package blackhole.ledger.store;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Goes through the whole ledger from time to time, a little at a time, so that damage is found
 * before somebody asks for what is damaged. Thread-safe.
 */
final class Inspection implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Inspection.class.getName());
  private static final int STEP = 200;
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** Verifies so many entries, and tells where to go on; at the end, where it began. */
  @FunctionalInterface
  interface Step {
    long verify(long from, int count) throws Exception;
  }

  private final Step step;
  private final Duration interval;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1,
          work -> {
            Thread thread = new Thread(work, "ledger-inspection");
            thread.setDaemon(true);
            thread.setPriority(Thread.MIN_PRIORITY);
            return thread;
          });

  // used on the timer's thread only
  private long next;

  private volatile long rounds;

  Inspection(Step step, Duration interval) {
    this.step = step;
    this.interval = interval;
    // what is scheduled while it stops is not done any more
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  void start() {
    timer.execute(this::proceed);
  }

  /** How often it has been through. */
  long rounds() {
    return rounds;
  }

  private void proceed() {
    Duration pause = PAUSE;
    try {
      next = step.verify(next, STEP);
      if (next == 0) {
        rounds++;
        pause = interval;
      }
    } catch (Exception e) {
      LOG.log(System.Logger.Level.WARNING, "the ledger could not be inspected", e);
      next = 0;
      pause = interval;
    }
    var unused = timer.schedule(this::proceed, pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The step that is at work ends by itself, as it must not be interrupted in the database. */
  @Override
  public void close() {
    timer.shutdown();
    try {
      boolean unused = timer.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
