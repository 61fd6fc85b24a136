package blackhole.orchestrator.supervision;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Stops all instances, level by level, those that others depend on last. All levels share one time:
 * what a level does not need is there for those after it. Lives in the serial context.
 */
final class NodeStop {
  /** After SIGKILL; what is not gone by then is not waited for. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final SerialContext context;
  private final List<List<ManagedInstance>> levels;
  private final String who;
  private final long deadline;
  private final List<CompletableFuture<String>> answers = new ArrayList<>();
  private final CompletableFuture<List<String>> done = new CompletableFuture<>();

  /**
   * @param levels in the order in which they are stopped
   */
  NodeStop(
      SerialContext context, List<List<ManagedInstance>> levels, Duration timeout, String who) {
    this.context = context;
    this.levels = levels;
    this.who = who;
    this.deadline = context.nanoTime() + timeout.toNanos();
  }

  /** Completes, never exceptionally, with a line for each instance that had a process. */
  CompletionStage<List<String>> begin() {
    stop(0);
    return done;
  }

  private void stop(int level) {
    if (level == levels.size()) {
      Answers.lines(answers).thenAccept(done::complete);
      return;
    }
    Duration time = share(level);
    Map<ManagedInstance, CompletableFuture<String>> ending = new LinkedHashMap<>();
    for (ManagedInstance instance : levels.get(level)) {
      if (instance.state().hasProcess()) {
        ending.put(instance, instance.stop(who, StopBudget.of(time)));
      }
    }
    answers.addAll(ending.values());
    SerialContext.Cancellable patience = context.schedule(time.plus(GRACE), () -> giveUp(ending));
    Answers.lines(List.copyOf(ending.values()))
        .thenAccept(
            lines ->
                context.execute(
                    () -> {
                      patience.cancel();
                      stop(level + 1);
                    }));
  }

  /** An equal part of what is left, for each level that has still something to stop. */
  private Duration share(int level) {
    long busy =
        levels.subList(level, levels.size()).stream()
            .filter(some -> some.stream().anyMatch(one -> one.state().hasProcess()))
            .count();
    long left = Math.max(0, deadline - context.nanoTime());
    return Duration.ofNanos(left / Math.max(1, busy));
  }

  private static void giveUp(Map<ManagedInstance, CompletableFuture<String>> ending) {
    ending.forEach(
        (instance, answer) -> answer.complete(instance.id() + " does not end: SIGKILL is pending"));
  }
}
