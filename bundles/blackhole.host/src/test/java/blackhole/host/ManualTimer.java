package blackhole.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A timer without a clock: a test waits until a task is scheduled, and runs it when it likes. */
final class ManualTimer extends AbstractExecutorService implements ScheduledExecutorService {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final List<Task> tasks = new ArrayList<>();

  /** Waits for a live task with a delay in this range, and takes it. */
  synchronized Task take(Duration min, Duration max) throws InterruptedException {
    Task task = await(min, max);
    tasks.remove(task);
    return task;
  }

  /** Waits for a live task with a delay in this range, and leaves it. */
  synchronized Task await(Duration min, Duration max) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      for (Task task : live()) {
        if (task.delay.compareTo(min) >= 0 && task.delay.compareTo(max) <= 0) {
          return task;
        }
      }
      awaitChange(deadline, "a task between " + min + " and " + max);
    }
  }

  /** Waits until every task is taken or cancelled. */
  synchronized void awaitIdle() throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!live().isEmpty()) {
      awaitChange(deadline, "no task");
    }
  }

  private synchronized void awaitChange(long deadline, String what) throws InterruptedException {
    long left = deadline - System.nanoTime();
    assertThat(left).as("%s among %s", what, live()).isPositive();
    TimeUnit.NANOSECONDS.timedWait(this, left);
  }

  synchronized List<Task> live() {
    return tasks.stream().filter(task -> !task.isCancelled()).toList();
  }

  @Override
  public synchronized ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    Task task = new Task(command, Duration.ofNanos(unit.toNanos(delay)));
    tasks.add(task);
    notifyAll();
    return task;
  }

  final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {
    final Duration delay;

    Task(Runnable command, Duration delay) {
      super(command, null);
      this.delay = delay;
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      boolean cancelled = super.cancel(mayInterrupt);
      synchronized (ManualTimer.this) {
        ManualTimer.this.notifyAll();
      }
      return cancelled;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(delay);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    @Override
    public String toString() {
      return delay.toString();
    }
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void execute(Runnable command) {
    command.run();
  }

  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return true;
  }
}
