package blackhole.events.stream;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that read for subscribers and send to them, and one for what is due from time to
 * time. They are never interrupted, as that would close the files that they read.
 */
final class DeliveryThreads implements Executor, AutoCloseable {
  private static final int THREADS = 4;
  private static final long END_SECONDS = 5;

  private final AtomicInteger number = new AtomicInteger();

  /** Each subscription is in the queue once at most. */
  private final ThreadPoolExecutor deliveries =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          this::thread,
          new ThreadPoolExecutor.DiscardPolicy());

  private final ScheduledExecutorService clock =
      new ScheduledThreadPoolExecutor(1, this::thread, new ThreadPoolExecutor.DiscardPolicy());

  private Thread thread(Runnable task) {
    Thread thread = new Thread(task, "events-delivery-" + number.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void execute(Runnable task) {
    deliveries.execute(task);
  }

  void every(long millis, Runnable task) {
    var unused = clock.scheduleWithFixedDelay(task, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** What was to be done is done, or left after a while. */
  @Override
  public void close() {
    clock.shutdown();
    deliveries.shutdown();
    try {
      boolean unused = clock.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
      unused = deliveries.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
