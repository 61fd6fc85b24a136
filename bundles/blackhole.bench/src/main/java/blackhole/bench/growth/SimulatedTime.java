package blackhole.bench.growth;

import blackhole.orchestrator.supervision.SerialContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/**
 * A serial context whose time passes as soon as nothing is left to do in it. For one thread. What
 * is cancelled costs nothing more than its place, as in the real one.
 */
final class SimulatedTime implements SerialContext {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private final Deque<Runnable> ready = new ArrayDeque<>();
  private final PriorityQueue<Task> later =
      new PriorityQueue<>(
          Comparator.comparingLong((Task task) -> task.due).thenComparingLong(task -> task.order));
  private long nanos;
  private long order;

  private static final class Task implements Cancellable {
    private final long due;
    private final long order;
    private Runnable action;

    Task(long due, long order, Runnable action) {
      this.due = due;
      this.order = order;
      this.action = action;
    }

    @Override
    public void cancel() {
      // what it refers to may go at once
      action = () -> {};
    }
  }

  @Override
  public void execute(Runnable task) {
    ready.add(task);
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable action) {
    Task task = new Task(nanos + delay.toNanos(), order++, action);
    later.add(task);
    return task;
  }

  @Override
  public void offload(Runnable task) {
    task.run();
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public Instant wallTime() {
    return BEGIN.plusNanos(nanos);
  }

  /** Runs all that is due in this time, in its order. */
  void advance(Duration time) {
    long end = nanos + time.toNanos();
    settle();
    while (!later.isEmpty() && later.peek().due <= end) {
      Task task = later.remove();
      nanos = Math.max(nanos, task.due);
      task.action.run();
      settle();
    }
    nanos = end;
  }

  private void settle() {
    for (Runnable task = ready.poll(); task != null; task = ready.poll()) {
      task.run();
    }
  }
}
