package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.SupervisionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The commands to one instance that wait for their answer. Lives in the serial context. */
final class Commands {
  private final InstanceId id;
  private final List<Command> open = new ArrayList<>();

  Commands(InstanceId id) {
    this.id = id;
  }

  private record Command(
      boolean start, long generation, long asked, CompletableFuture<String> answer) {}

  /** What the answers are made of. */
  record Situation(
      State state, long generation, Optional<Run> run, Optional<ExitCause> failure, long now) {}

  /**
   * To be answered when the instance is READY in this generation or a later one, or will not get
   * there.
   */
  CompletableFuture<String> start(long generation, long now) {
    return add(new Command(true, generation, now, new CompletableFuture<>()));
  }

  /** To be answered when its process has ended. */
  CompletableFuture<String> stop(long now) {
    return add(new Command(false, 0, now, new CompletableFuture<>()));
  }

  private CompletableFuture<String> add(Command command) {
    open.add(command);
    return command.answer();
  }

  /** Answers those that have got what they asked for, or cannot any more. */
  void settle(Situation now) {
    List<Command> before = List.copyOf(open);
    open.clear();
    for (Command command : before) {
      Optional<Runnable> answer =
          command.start() ? answerStart(command, now) : answerStop(command, now);
      answer.ifPresentOrElse(Runnable::run, () -> open.add(command));
    }
  }

  private Optional<Runnable> answerStart(Command command, Situation now) {
    boolean reached = now.generation() >= command.generation();
    if (now.state() instanceof Ready && reached) {
      return done(command, isReady(now));
    }
    if (now.state() instanceof Failed failed) {
      return failed(command, id + " is FAILED: " + failed.reason());
    }
    if (now.state() instanceof Stopped stopped) {
      return failed(command, id + " is STOPPED: " + stopped.why());
    }
    if (now.failure().isPresent() && reached) {
      return failed(
          command, id + " did not get READY: " + now.failure().get().words() + "; " + next(now));
    }
    return Optional.empty();
  }

  private Optional<Runnable> answerStop(Command command, Situation now) {
    if (now.state() instanceof Stopped stopped) {
      Duration took = Duration.ofNanos(now.now() - command.asked());
      String time = took.isZero() ? "" : " (" + Words.measured(took) + ")";
      return done(command, id + " is STOPPED" + time + ": " + stopped.why());
    }
    return now.state() instanceof Ending
        ? Optional.empty()
        : done(command, id + " was stopped, and is started again, as was asked meanwhile");
  }

  private String isReady(Situation now) {
    List<String> facts = new ArrayList<>();
    now.run().ifPresent(run -> run.pid().ifPresent(pid -> facts.add("pid " + pid)));
    now.run().flatMap(Run::startup).map(Words::measured).ifPresent(facts::add);
    return id + " is READY" + (facts.isEmpty() ? "" : " (" + String.join(", ", facts) + ")");
  }

  private static String next(Situation now) {
    return now.state() instanceof Backoff backoff
        ? "it is started again after " + Words.of(backoff.delay())
        : "it is started again at once";
  }

  private static Optional<Runnable> done(Command command, String line) {
    return Optional.of(() -> command.answer().complete(line));
  }

  private static Optional<Runnable> failed(Command command, String line) {
    return Optional.of(
        () -> command.answer().completeExceptionally(new SupervisionException(line)));
  }
}
