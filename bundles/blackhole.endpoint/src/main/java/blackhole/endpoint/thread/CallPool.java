package blackhole.endpoint.thread;

import java.time.Duration;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for what may block: an idle one if there is any, else a new one, and only when there are
 * as many as there may be does a task wait. Thread-safe.
 */
final class CallPool {
  private final AtomicInteger started = new AtomicInteger();
  private final Waiting waiting = new Waiting();
  private final ThreadPoolExecutor threads;

  /**
   * @param keepAlive how long a thread without work stays
   */
  CallPool(String name, int maxThreads, Duration keepAlive) {
    threads =
        new ThreadPoolExecutor(
            0,
            maxThreads,
            keepAlive.toNanos(),
            TimeUnit.NANOSECONDS,
            waiting,
            task -> new CallThread(task, name + "-" + started.incrementAndGet()),
            (task, pool) -> {
              if (pool.isShutdown()) {
                throw new RejectedExecutionException("the endpoint is closed");
              }
              waiting.put(task);
            });
  }

  void run(Turn turn) {
    threads.execute(turn::runTimed);
  }

  /** Runs it at once, or not at all: false when all threads are busy or the pool is shut down. */
  boolean runNow(Runnable task) {
    // others may take the thread meanwhile; then the task waits, which is rare and no harm
    boolean free = threads.getPoolSize() < threads.getMaximumPoolSize() || waiting.hasTaker();
    if (!free || threads.isShutdown()) {
      return false;
    }
    try {
      threads.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  int size() {
    return threads.getPoolSize();
  }

  /** Takes no more tasks; those that run or wait are finished, and not interrupted. */
  void shutdown() {
    threads.shutdown();
  }

  boolean awaitTermination(Duration timeout) throws InterruptedException {
    return threads.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** A queue that takes only what goes straight to an idle thread, unless it is forced to. */
  private static final class Waiting extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean offer(Runnable task) {
      return tryTransfer(task);
    }

    boolean hasTaker() {
      return hasWaitingConsumer();
    }
  }
}
