package blackhole.process;

import blackhole.api.process.AdoptedProcess;
import blackhole.api.process.ProcessGroup;
import blackhole.api.process.ProcessIdentity;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A process of an earlier run. Its end is seen by looking, and is also the end of what it left in
 * its group.
 */
final class FoundProcess implements AdoptedProcess {
  /** A look takes some 30 µs. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  /** The kernel closes a process's sockets a moment before it counts as ended. */
  private static final Duration LOOK_CLOSELY_EVERY = Duration.ofMillis(2);

  private static final int CLOSE_LOOKS = 250;

  private final ProcessIdentity identity;
  private final ProcFs procFs;
  private final ProcessTree tree;
  private final ProcessGroup group;
  private final ScheduledExecutorService looks;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  /**
   * @param looks its thread is not blocked
   */
  FoundProcess(
      ProcessIdentity identity,
      ProcFs procFs,
      ProcessTree tree,
      ProcessGroup group,
      ScheduledExecutorService looks) {
    this.identity = identity;
    this.procFs = procFs;
    this.tree = tree;
    this.group = group;
    this.looks = looks;
  }

  void watch() {
    long nanos = LOOK_EVERY.toNanos();
    Future<?> regular =
        looks.scheduleWithFixedDelay(this::hasEnded, 0, nanos, TimeUnit.NANOSECONDS);
    exit.whenComplete((code, unknown) -> regular.cancel(false));
  }

  @Override
  public void look() {
    looks.execute(() -> lookClosely(CLOSE_LOOKS));
  }

  private void lookClosely(int times) {
    if (!hasEnded() && times > 0) {
      Future<?> unused =
          looks.schedule(
              () -> lookClosely(times - 1), LOOK_CLOSELY_EVERY.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private boolean hasEnded() {
    if (!ended.get() && procFs.hasEnded(identity) && ended.compareAndSet(false, true)) {
      // it waits for others to end
      var unused = CompletableFuture.runAsync(this::end);
    }
    return ended.get();
  }

  private void end() {
    try {
      tree.killOrphans(identity.pid());
      group.close();
    } finally {
      exit.completeExceptionally(
          new IOException("process " + identity.pid() + " is no child of ours"));
    }
  }

  @Override
  public ProcessIdentity identity() {
    return identity;
  }

  @Override
  public CompletionStage<Integer> onExit() {
    return exit.minimalCompletionStage();
  }

  @Override
  public void terminate() {
    tree.terminate(identity);
  }

  @Override
  public void kill() {
    tree.kill(identity);
    group.kill();
  }

  @Override
  public String toString() {
    return "process " + identity.pid();
  }
}
