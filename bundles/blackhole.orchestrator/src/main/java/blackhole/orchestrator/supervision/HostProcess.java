package blackhole.orchestrator.supervision;

import blackhole.api.process.RunningProcess;
import blackhole.api.supervision.InstanceId;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The processes of one instance, one after the other. Decides nothing: it does what it is told and
 * calls back. Lives in the serial context.
 */
final class HostProcess {
  /**
   * Looking at what a process left is worth this much of a delay of the next. It takes
   * milliseconds; but on a machine that is loaded, why a process ended must not get lost.
   */
  private static final Duration REMAINS_TIMEOUT = Duration.ofSeconds(2);

  private final InstanceId id;
  private final SerialContext context;
  private final InstanceDriver driver;
  private final Listener listener;

  private long generation;
  private Optional<Run> run = Optional.empty();

  /** Called in the serial context, never from within a call to this. */
  interface Listener {
    void spawned();

    void spawnFailed(String reason);

    void drainRefused();

    void exited(End end);
  }

  /**
   * How a process ended.
   *
   * @param exitCode empty when it cannot be known
   */
  record End(OptionalInt exitCode, Duration lived, InstanceDriver.Remains remains) {}

  HostProcess(InstanceId id, SerialContext context, InstanceDriver driver, Listener listener) {
    this.id = id;
    this.context = context;
    this.driver = driver;
    this.listener = listener;
  }

  /** Of the present process, or the last. */
  long generation() {
    return generation;
  }

  /** Empty when there is none. */
  Optional<Run> run() {
    return run;
  }

  boolean isPresent(long asked) {
    return run.isPresent() && asked == generation;
  }

  /** Notes something about the present process. */
  void update(UnaryOperator<Run> change) {
    run = run.map(change);
  }

  /**
   * @param background whether all others go first until it is READY
   */
  void launch(boolean background) {
    long launched = ++generation;
    run = Optional.of(new Run(context.nanoTime(), context.wallTime()));
    start(launched, background)
        .whenComplete(
            (process, problem) ->
                context.execute(
                    () -> {
                      if (process != null) {
                        spawned(launched, process);
                      } else {
                        run = Optional.empty();
                        listener.spawnFailed(reason(problem));
                      }
                    }));
  }

  /** Takes over a process that runs already. */
  void adopt(Adoption adoption) {
    generation = adoption.generation();
    RunningProcess process = adoption.process();
    run =
        Optional.of(
            new Run(
                    context.nanoTime() - adoption.age().toNanos(),
                    context.wallTime().minus(adoption.age()))
                .with(process));
    driver.adopted(id, generation, process);
    watch(generation, process);
  }

  private CompletionStage<RunningProcess> start(long launched, boolean background) {
    try {
      return driver.launch(id, launched, background);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void spawned(long launched, RunningProcess process) {
    update(present -> present.with(process));
    listener.spawned();
    watch(launched, process);
  }

  private void watch(long launched, RunningProcess process) {
    process
        .onExit()
        .whenComplete((exitCode, problem) -> context.execute(() -> ended(launched, exitCode)));
  }

  void drain(Duration timeout) {
    if (!driver.drain(id, generation, timeout)) {
      context.execute(listener::drainRefused);
    }
  }

  void terminate() {
    run.flatMap(Run::process).ifPresent(process -> context.offload(process::terminate));
  }

  void kill() {
    run.flatMap(Run::process).ifPresent(process -> context.offload(process::kill));
  }

  /** It has exited; the next step waits for a look at what it left, but not for long. */
  private void ended(long launched, @Nullable Integer exitCode) {
    OptionalInt code = exitCode == null ? OptionalInt.empty() : OptionalInt.of(exitCode);
    Duration lived =
        run.map(present -> Duration.ofNanos(context.nanoTime() - present.launched()))
            .orElse(Duration.ZERO);
    CompletableFuture<InstanceDriver.Remains> remains = look(launched).toCompletableFuture().copy();
    SerialContext.Cancellable impatience =
        context.schedule(REMAINS_TIMEOUT, () -> remains.complete(InstanceDriver.Remains.NONE));
    CompletionStage<InstanceDriver.Remains> settled =
        remains.exceptionally(problem -> InstanceDriver.Remains.NONE);
    settled.thenAccept(
        found ->
            context.execute(
                () -> {
                  impatience.cancel();
                  run = Optional.empty();
                  listener.exited(new End(code, lived, found));
                }));
  }

  private CompletionStage<InstanceDriver.Remains> look(long launched) {
    try {
      return driver.ended(id, launched);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static String reason(Throwable problem) {
    Throwable cause = Answers.cause(problem);
    String words = cause.getMessage();
    return cause instanceof IOException && words != null ? words : cause.toString();
  }
}
