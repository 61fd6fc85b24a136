package blackhole.orchestrator.supervision;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A serial context whose time passes only when a test says so. For one thread. */
public final class VirtualTime implements SerialContext {
  private static final int TOO_MANY = 100_000;

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(
          Comparator.comparingLong((Task task) -> task.due).thenComparingLong(task -> task.order));

  /** Monotonic time starts anywhere. */
  private long nanos = -Duration.ofSeconds(100).toNanos();

  private Instant wall = Instant.parse("2026-01-01T00:00:00Z");
  private long order;

  private record Task(long due, long order, Runnable action) {}

  @Override
  public void execute(Runnable task) {
    schedule(Duration.ZERO, task);
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable action) {
    Task task = new Task(nanos + delay.toNanos(), order++, action);
    tasks.add(task);
    return () -> tasks.remove(task);
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
    return wall;
  }

  /** Runs all that is due now. */
  public void settle() {
    advance(Duration.ZERO);
  }

  /** Lets time pass, and runs what gets due at its time. */
  public void advance(Duration time) {
    long end = nanos + time.toNanos();
    int ran = 0;
    while (!tasks.isEmpty() && tasks.peek().due <= end) {
      if (++ran > TOO_MANY) {
        throw new AssertionError("it never comes to rest");
      }
      Task task = tasks.remove();
      pass(Math.max(0, task.due - nanos));
      task.action.run();
    }
    pass(end - nanos);
  }

  private void pass(long time) {
    nanos += time;
    wall = wall.plusNanos(time);
  }

  /** Somebody sets the clock of the machine. */
  void setWallClock(Duration by) {
    wall = wall.plus(by);
  }

  int waiting() {
    return tasks.size();
  }
}
