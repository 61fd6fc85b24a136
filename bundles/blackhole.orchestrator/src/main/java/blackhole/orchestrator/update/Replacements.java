package blackhole.orchestrator.update;

import blackhole.api.observe.Step;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.orchestrator.supervision.StandIn;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Gives all instances of one service new processes, one after the other, from warm spares where
 * there are such, and each watched before the next. Where the service may have one instance more,
 * that is started first, and goes last: so there are never fewer that serve than before, and what
 * cannot start has touched nothing. Otherwise each is stopped before its next process opens, and
 * callers wait meanwhile. What starts is made of what is in force by then. Blocks; for one service
 * at a time.
 */
final class Replacements {
  private static final Duration MARGIN = Duration.ofSeconds(30);
  private static final Logger LOG = System.getLogger(Replacements.class.getName());

  /** An instance does not get there; what was replaced before it stays as it is. */
  static final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    FailedException(String message) {
      super(message);
    }
  }

  /**
   * What is in force changes with the new processes.
   *
   * @param forward makes new processes the new ones
   * @param back makes them the old ones again
   * @param methodsMayGo whether a new one may serve less than the old one
   */
  record Change(Updater.Force forward, Updater.Force back, boolean methodsMayGo) {
    /** New processes of what is in force. */
    static final Change NONE = new Change(() -> {}, () -> {}, true);
  }

  private final Fleet fleet;
  private final String service;
  private final OwnInstances own;
  private final Duration startTimeout;
  private final String who;
  private final Consumer<String> progress;
  private final Consumer<Optional<InstanceId>> present;
  private final Step trace;

  /** Those that were stopped for their new process. */
  private final List<InstanceId> touched = new ArrayList<>();

  private Set<String> methods = Set.of();

  /**
   * @param startTimeout of one instance
   * @param present told of the instance that is at it, and of none in the end
   * @param trace what is done is told as steps of this
   */
  Replacements(
      Fleet fleet,
      String service,
      Duration startTimeout,
      String who,
      Consumer<String> progress,
      Consumer<Optional<InstanceId>> present,
      Step trace) {
    this.trace = trace;
    this.fleet = fleet;
    this.service = service;
    this.own = new OwnInstances(fleet, service, startTimeout);
    this.startTimeout = startTimeout;
    this.who = who;
    this.progress = progress;
    this.present = present;
  }

  /**
   * @return how many instances have new processes
   * @throws FailedException when one has not got there; those before it are what they were then, in
   *     new processes
   */
  int run(Change change) throws FailedException, InterruptedException, IOException {
    fleet.reserve(service);
    Optional<InstanceId> standIn = Optional.empty();
    try {
      own.awaitSettled();
      List<InstanceStatus> replaced = own.all().stream().filter(Replacements::isToRun).toList();
      if (!change.methodsMayGo()) {
        methods = methodsBefore(replaced);
      }
      try {
        change.forward().put();
        if (replaced.stream().anyMatch(status -> status.state() == InstanceState.READY)) {
          standIn = standIn();
        }
        for (InstanceStatus status : replaced) {
          replace(status.id());
        }
      } catch (FailedException | IOException | RuntimeException | InterruptedException e) {
        change.back().putAfter(e);
        if (change != Change.NONE) {
          goBack(String.valueOf(e.getMessage()));
        }
        throw e;
      }
      return replaced.size();
    } finally {
      try {
        if (standIn.isPresent()) {
          dismiss(standIn.get());
        }
      } finally {
        fleet.release(service);
        present.accept(Optional.empty());
      }
    }
  }

  private static boolean isToRun(InstanceStatus status) {
    return status.state() == InstanceState.READY || status.state() == InstanceState.BACKOFF;
  }

  private Set<String> methodsBefore(List<InstanceStatus> all) {
    return all.stream()
        .filter(status -> status.state() == InstanceState.READY)
        .flatMap(status -> fleet.methods(status.id()).stream())
        .findFirst()
        .orElse(Set.of());
  }

  /** Starts one that serves while the others do not; empty where there cannot be one. */
  private Optional<InstanceId> standIn() throws FailedException, InterruptedException {
    awaitSpare();
    StandIn placed;
    try (Step unused = trace.step("stand in")) {
      placed = answer(fleet.standIn(service, who));
    }
    if (placed.id().isEmpty()) {
      progress.accept(
          "no instance stands in, as "
              + placed.problem().orElse("there cannot be one")
              + ": calls may have to wait");
      return Optional.empty();
    }
    InstanceId id = placed.id().get();
    present.accept(placed.id());
    try {
      if (placed.problem().isPresent()) {
        throw new FailedException(placed.problem().get());
      }
      verify(id);
    } catch (FailedException | InterruptedException | RuntimeException e) {
      dismiss(id);
      throw e;
    }
    progress.accept(id + ": serves, and stands in for those that are replaced");
    return placed.id();
  }

  private void replace(InstanceId id) throws FailedException, InterruptedException {
    awaitSpare();
    present.accept(Optional.of(id));
    progress.accept(id + ": its calls end, and its next process starts");
    touched.add(id);
    try (Step unusedStep = trace.step("replace " + id)) {
      List<String> unused = answer(fleet.restart(id, who));
    }
    verify(id);
    progress.accept(id + ": is replaced");
  }

  private void verify(InstanceId id) throws FailedException, InterruptedException {
    try (Step step = trace.step("verify " + id)) {
      look(id, step);
    }
  }

  private void look(InstanceId id, Step step) throws FailedException, InterruptedException {
    Optional<InstanceStatus> now = own.find(id);
    if (now.filter(one -> one.state() == InstanceState.READY).isEmpty()) {
      throw new FailedException(
          id + ": it did not start" + now.map(one -> ": " + one.message()).orElse(""));
    }
    progress.accept(id + ": runs, and is watched");
    Set<String> missing = new TreeSet<>(methods);
    if (!missing.isEmpty()) {
      // noted a moment after it is READY
      boolean unused = own.await(() -> fleet.methods(id).isPresent());
      missing.removeAll(fleet.methods(id).orElse(Set.of()));
    }
    if (!missing.isEmpty()) {
      throw new FailedException(
          id + ": it lacks " + String.join(", ", missing) + ", and --allow-removed was not given");
    }
    Optional<String> wrong = fleet.observe(id, now.get().pid());
    if (wrong.isPresent()) {
      step.fail(wrong.get());
      throw new FailedException(id + ": " + wrong.get());
    }
  }

  /** The last first; its stand-in serves on meanwhile, if there is one. */
  private void goBack(String why) {
    for (int i = touched.size() - 1; i >= 0; i--) {
      InstanceId id = touched.get(i);
      present.accept(Optional.of(id));
      progress.accept(why + "; " + id + " goes back");
      try {
        List<String> unused = answer(fleet.restart(id, who));
      } catch (FailedException e) {
        LOG.log(Level.WARNING, "{0} did not start again: {1}", id, e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void dismiss(InstanceId id) throws InterruptedException {
    try {
      List<String> unused = answer(fleet.dismiss(id, who));
    } catch (FailedException e) {
      LOG.log(Level.WARNING, "{0} was not taken away: {1}", id, e.getMessage());
    }
  }

  private <T> T answer(CompletionStage<T> stage) throws FailedException, InterruptedException {
    try {
      return stage
          .toCompletableFuture()
          .get(startTimeout.multipliedBy(2).plus(MARGIN).toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new FailedException(String.valueOf((cause == null ? e : cause).getMessage()));
    } catch (TimeoutException e) {
      throw new FailedException(service + ": no answer in time");
    }
  }

  /** A spare that is due makes the pause short, or the instance's start, as the case may be. */
  private void awaitSpare() throws InterruptedException {
    boolean unused = own.await(() -> !fleet.awaitsSpare(service));
  }
}
