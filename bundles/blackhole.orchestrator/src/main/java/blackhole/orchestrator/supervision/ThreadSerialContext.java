package blackhole.orchestrator.supervision;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A serial context that is one thread, which also keeps the time. */
public final class ThreadSerialContext implements SerialContext, AutoCloseable {
  private static final Logger LOG = System.getLogger(ThreadSerialContext.class.getName());

  private final ScheduledThreadPoolExecutor thread;
  private final ExecutorService helpers;

  public ThreadSerialContext(String name) {
    thread = new ScheduledThreadPoolExecutor(1, threads(name));
    thread.setRemoveOnCancelPolicy(true);
    helpers = Executors.newCachedThreadPool(threads(name + "-helper"));
  }

  @Override
  public void execute(Runnable task) {
    thread.execute(logged(task));
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    Future<?> scheduled = thread.schedule(logged(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  @Override
  public void offload(Runnable task) {
    helpers.execute(logged(task));
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant wallTime() {
    return Instant.now();
  }

  /** Runs nothing any more; what is offloaded comes to its end. */
  @Override
  public void close() {
    thread.shutdownNow();
    helpers.shutdown();
  }

  /** One event that goes wrong must not take the node's supervision with it. */
  private static Runnable logged(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "an event was not handled", e);
      }
    };
  }

  private static ThreadFactory threads(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread created = new Thread(task, name + "-" + count.incrementAndGet());
      created.setDaemon(true);
      return created;
    };
  }
}
