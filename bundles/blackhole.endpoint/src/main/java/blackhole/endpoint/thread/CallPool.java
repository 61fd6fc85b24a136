package blackhole.endpoint.thread;

import java.time.Duration;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for what may block: an idle one if there is any, else a new one; only when there are as
 * many as there may be does a task wait. Thread-safe.
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
            this::letWait);
  }

  private void letWait(Runnable task, ThreadPoolExecutor full) {
    if (full.isShutdown()) {
      throw new RejectedExecutionException("the endpoint is closed");
    }
    waiting.put(task);
  }

  /**
   * @throws RejectedExecutionException after {@link #shutdown()}
   */
  void run(Turn turn) {
    threads.execute(turn::runTimed);
  }

  /** Runs it at once, or not at all: false when all threads are busy, or no more can be had. */
  boolean runNow(Runnable task) {
    if (threads.getPoolSize() == threads.getMaximumPoolSize() && !waiting.hasTaker()) {
      return false;
    }
    try {
      // if another task takes the last thread meanwhile, this one waits: rare, and no harm
      threads.execute(task);
      return true;
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      return false;
    }
  }

  int size() {
    return threads.getPoolSize();
  }

  /** Takes no more tasks. Those that run or wait are finished, and not interrupted. */
  void shutdown() {
    threads.shutdown();
  }

  boolean awaitTermination(Duration timeout) throws InterruptedException {
    return threads.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Takes by itself only what an idle thread waits for; the pool then starts another thread. */
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
