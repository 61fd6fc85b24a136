package blackhole.identity.password;

import blackhole.identity.call.Call;
import blackhole.identity.call.IdentityException;
import blackhole.identity.call.IdentityException.Reason;
import io.grpc.Context;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Runs work that takes much memory, as much at once as the {@link HashBudget} allows; the rest
 * waits its turn, first come first served, no longer than its call's deadline. No thread waits with
 * it. Thread-safe.
 */
public final class HashQueue implements AutoCloseable {
  private static final long STOP_SECONDS = 5;

  private final int capacity;
  private final ScheduledExecutorService timer;
  private final ExecutorService workers;
  private final Object lock = new Object();

  // guarded by lock
  private final Deque<Job<?>> waiting = new ArrayDeque<>();
  private final long budgetBytes;
  private long freeBytes;
  private int freeWorkers;
  private boolean closed;

  /**
   * @param capacity how many may wait
   * @param timer tells waiting work that its deadline has passed; not closed here
   */
  public HashQueue(HashBudget budget, int capacity, ScheduledExecutorService timer) {
    this.capacity = capacity;
    this.timer = timer;
    this.budgetBytes = budget.bytes();
    this.freeBytes = budget.bytes();
    this.freeWorkers = budget.workers();
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            budget.workers(),
            budget.workers(),
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "identity-hash-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    this.workers = pool;
  }

  /**
   * @param memoryBytes that the work takes while it runs
   * @return what the work returns or throws; or an {@link IdentityException}: {@link
   *     Reason#TIMED_OUT} if its turn did not come in time, {@link Reason#OVERLOADED} if there is
   *     no room to wait or the work is too large, {@link Reason#UNAVAILABLE} after {@link #close}
   */
  public <T> CompletableFuture<T> submit(long memoryBytes, Call call, Supplier<T> work) {
    Job<T> job = new Job<>(memoryBytes, call, work);
    synchronized (lock) {
      if (closed) {
        return failed(Reason.UNAVAILABLE, "the identity service is stopping");
      }
      if (memoryBytes > budgetBytes) {
        return failed(
            Reason.OVERLOADED,
            "this user's password hash needs more memory than there is; raise max_memory");
      }
      if (waiting.size() >= capacity) {
        waiting.removeIf(Job::isOver);
      }
      if (waiting.size() >= capacity) {
        return failed(Reason.OVERLOADED, "too many logins are waiting; try again later");
      }
      waiting.add(job);
      startWhatFits();
    }
    job.watchDeadline();
    return job.result;
  }

  /** Waiting work fails; running work is waited for, for a bounded time. */
  @Override
  public void close() {
    Deque<Job<?>> dropped;
    synchronized (lock) {
      closed = true;
      dropped = new ArrayDeque<>(waiting);
      waiting.clear();
    }
    dropped.forEach(job -> job.fail(Reason.UNAVAILABLE, "the identity service is stopping"));
    workers.shutdown();
    try {
      if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  int waiting() {
    synchronized (lock) {
      return waiting.size();
    }
  }

  /** Strictly in order: a large one at the head is not overtaken, or it might wait for ever. */
  private void startWhatFits() {
    while (true) {
      Job<?> head = waiting.peek();
      if (head == null || freeWorkers == 0 || head.memoryBytes > freeBytes) {
        return;
      }
      waiting.remove();
      if (head.isOver()) {
        timer.execute(head::timeOut); // who waits for the result must not run under our lock
        continue;
      }
      freeWorkers--;
      freeBytes -= head.memoryBytes;
      workers.execute(head);
    }
  }

  private void finished(Job<?> job) {
    synchronized (lock) {
      freeWorkers++;
      freeBytes += job.memoryBytes;
      if (!closed) {
        startWhatFits();
      }
    }
  }

  private static <T> CompletableFuture<T> failed(Reason reason, String message) {
    return CompletableFuture.failedFuture(new IdentityException(reason, message));
  }

  private final class Job<T> implements Runnable {
    private final long memoryBytes;
    private final Call call;
    private final Supplier<T> work;

    /** Whoever waits for it: what is logged and told is of the same trace. */
    private final Context context = Context.current();

    private final CompletableFuture<T> result = new CompletableFuture<>();

    Job(long memoryBytes, Call call, Supplier<T> work) {
      this.memoryBytes = memoryBytes;
      this.call = call;
      this.work = work;
    }

    boolean isOver() {
      return call.isOver() || result.isDone();
    }

    void timeOut() {
      fail(Reason.TIMED_OUT, "too many logins were waiting; the turn did not come in time");
    }

    void fail(Reason reason, String message) {
      result.completeExceptionally(new IdentityException(reason, message));
    }

    void watchDeadline() {
      if (result.isDone()) {
        return;
      }
      ScheduledFuture<?> alarm =
          timer.schedule(this::deadlinePassed, call.remainingNanos(), TimeUnit.NANOSECONDS);
      result.whenComplete((value, failure) -> alarm.cancel(false));
    }

    private void deadlinePassed() {
      synchronized (lock) {
        if (!waiting.remove(this)) {
          return; // it runs: soon it will answer by itself
        }
        startWhatFits();
      }
      timeOut();
    }

    @Override
    @SuppressWarnings("CatchingUnchecked") // whatever the work throws is its caller's to hear
    public void run() {
      Runnable answer;
      try {
        T value = context.call(work::get);
        answer = () -> result.complete(value);
      } catch (Throwable e) {
        answer = () -> result.completeExceptionally(e);
      }
      finished(this); // first: who hears the result may come back at once with more
      answer.run();
    }
  }
}
