package blackhole.orchestrator.update;

import blackhole.api.observe.ActiveSpan;
import blackhole.api.observe.Step;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.control.v1.Update;
import blackhole.control.v1.UpdateResult;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Brings one version of a service's bundle to all of its instances, one after the other, each
 * watched before the next. If anything goes wrong with one, all go back. The version becomes the
 * one in force when all that run have it; so whatever is started before has the old one. Blocks;
 * for one service at a time.
 */
final class Rollout {
  /** How long calls that the old version has may go on. */
  private static final Duration DRAIN = Duration.ofSeconds(10);

  /** For the stop of a bundle, and for the way. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  private static final Logger LOG = System.getLogger(Rollout.class.getName());

  /**
   * One of two versions.
   *
   * @param file whose bytes never change
   */
  record Build(String version, Path file) {}

  /**
   * What was done.
   *
   * @param instances that were updated as they ran
   * @param held the longest time that new calls of one had to wait
   * @param ended calls that took too long
   */
  record Done(int instances, Duration held, int ended) {}

  /** The old version is back; the message says why. */
  static final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    FailedException(String message) {
      super(message);
    }
  }

  private final Fleet fleet;
  private final String service;
  private final OwnInstances own;
  private final Build from;
  private final Build to;
  private final boolean allowRemoved;
  private final Duration startTimeout;
  private final String who;
  private final Consumer<String> progress;
  private final Consumer<Optional<InstanceId>> present;
  private final Step trace;

  /** The processes that have the new version, in the order in which they got it. */
  private final Map<InstanceId, OptionalLong> updated = new HashMap<>();

  private final Deque<InstanceId> order = new ArrayDeque<>();
  private Duration held = Duration.ZERO;
  private int ended;

  /**
   * @param present told of the instance that is at it, and of none in the end
   * @param trace what is done is told as steps of this
   */
  Rollout(
      Fleet fleet,
      String service,
      Build from,
      Build to,
      boolean allowRemoved,
      Duration startTimeout,
      String who,
      Consumer<String> progress,
      Consumer<Optional<InstanceId>> present,
      Step trace) {
    this.trace = trace;
    this.fleet = fleet;
    this.service = service;
    this.own = new OwnInstances(fleet, service, startTimeout);
    this.from = from;
    this.to = to;
    this.allowRemoved = allowRemoved;
    this.startTimeout = startTimeout;
    this.who = who;
    this.progress = progress;
    this.present = present;
  }

  /**
   * @param forward puts the new version in force
   * @param back puts the old one in force
   */
  Done run(Updater.Force forward, Updater.Force back)
      throws FailedException, InterruptedException, IOException {
    fleet.reserve(service);
    try {
      updateAll(status -> true);
      forward.put();
      // what was started meanwhile, and had the old one in force
      updateAll(status -> !status.bundleVersion().equals(Optional.of(to.version())));
      restartWaiting();
      return new Done(order.size(), held, ended);
    } catch (FailedException | IOException | InterruptedException | RuntimeException e) {
      back.putAfter(e);
      goBack(String.valueOf(e.getMessage()));
      throw e;
    } finally {
      fleet.release(service);
      present.accept(Optional.empty());
    }
  }

  /**
   * Has every instance that runs have the version in force, whatever an orchestrator that is gone
   * has asked of it: one that has it already does nothing, and one that cannot is started anew.
   */
  void settle() throws InterruptedException {
    fleet.reserve(service);
    try {
      own.awaitSettled();
      for (InstanceStatus status : own.all()) {
        if (status.state() == InstanceState.READY) {
          present.accept(Optional.of(status.id()));
          settle(status.id());
        }
      }
    } finally {
      fleet.release(service);
      present.accept(Optional.empty());
    }
  }

  private void settle(InstanceId id) throws InterruptedException {
    String problem;
    try {
      problem = ask(id, to, true).getProblem();
    } catch (FailedException e) {
      problem = String.valueOf(e.getMessage());
    }
    if (!problem.isEmpty()) {
      // it may be at the update still that it was asked for before
      LOG.log(Level.WARNING, "{0} is started anew with {1}: {2}", id, to.version(), problem);
      restart(id);
    }
  }

  private void updateAll(Predicate<InstanceStatus> which)
      throws FailedException, InterruptedException {
    own.awaitSettled();
    Optional<InstanceStatus> next = next(which);
    while (next.isPresent()) {
      update(next.get());
      own.awaitSettled();
      next = next(which);
    }
  }

  private Optional<InstanceStatus> next(Predicate<InstanceStatus> which) {
    return own.all().stream()
        .filter(status -> status.state() == InstanceState.READY)
        .filter(status -> !status.pid().equals(updated.get(status.id())))
        .filter(which)
        .findFirst();
  }

  private void update(InstanceStatus status) throws FailedException, InterruptedException {
    InstanceId id = status.id();
    present.accept(Optional.of(id));
    UpdateResult result = ask(id, to, allowRemoved);
    if (!result.getProblem().isEmpty()) {
      if (!result.getServing()) {
        LOG.log(Level.WARNING, "{0} serves nothing after an update, and is started anew", id);
        restart(id);
      }
      throw new FailedException(id + ": " + result.getProblem());
    }
    updated.put(id, status.pid());
    order.addLast(id);
    Duration waited = Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(result.getHeldMicros()));
    held = waited.compareTo(held) > 0 ? waited : held;
    ended += result.getEndedCalls();
    progress.accept(id + ": has " + to.version() + ", and is watched");
    observe(id, status.pid());
  }

  private void observe(InstanceId id, OptionalLong pid)
      throws FailedException, InterruptedException {
    try (Step verify = trace.step("verify " + id)) {
      Optional<String> wrong = fleet.observe(id, pid);
      if (wrong.isPresent()) {
        verify.fail(wrong.get());
        throw new FailedException(id + ": " + wrong.get());
      }
    }
  }

  private UpdateResult ask(InstanceId id, Build version, boolean removed)
      throws FailedException, InterruptedException {
    try (Step step = trace.step("update " + id + " to " + version.version())) {
      UpdateResult result = ask(id, version, removed, step);
      if (result.getHeldMicros() > 0) {
        step.attribute(ActiveSpan.HELD_MILLIS, Long.toString(result.getHeldMicros() / 1000));
      }
      step.fail(result.getProblem());
      return result;
    }
  }

  private UpdateResult ask(InstanceId id, Build version, boolean removed, Step step)
      throws FailedException, InterruptedException {
    Update asked =
        Update.newBuilder()
            .setTraceparent(step.header())
            .setFile(version.file().toString())
            .setAllowRemoved(removed)
            .setTimeoutMillis(startTimeout.toMillis())
            .setDrainTimeoutMillis(DRAIN.toMillis())
            .build();
    Duration timeout = startTimeout.multipliedBy(2).plus(DRAIN).plus(MARGIN);
    try {
      return fleet
          .update(id, asked, timeout, words -> progress.accept(id + ": " + words))
          .toCompletableFuture()
          .get(timeout.plus(MARGIN).toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new FailedException(id + ": " + (cause == null ? e : cause).getMessage());
    } catch (TimeoutException e) {
      throw new FailedException(id + ": its host did not answer");
    }
  }

  /** An instance that waits for its next start gets it now, and with it the new version. */
  private void restartWaiting() throws FailedException, InterruptedException {
    for (InstanceStatus status : own.all()) {
      if (status.state() == InstanceState.BACKOFF) {
        InstanceId id = status.id();
        present.accept(Optional.of(id));
        progress.accept(id + ": is started with " + to.version());
        restart(id);
        InstanceStatus now =
            own.ready(id).orElseThrow(() -> new FailedException(id + ": it did not start"));
        observe(id, now.pid());
      }
    }
  }

  private void restart(InstanceId id) throws InterruptedException {
    try (Step unusedStep = trace.step("start " + id)) {
      List<String> unused =
          fleet
              .restart(id, who)
              .toCompletableFuture()
              .get(startTimeout.plus(MARGIN).toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(Level.WARNING, id + " did not start", e);
    }
  }

  /** Gives all that have the new version the old one, the last first. */
  private void goBack(String why) {
    while (!order.isEmpty()) {
      InstanceId id = order.removeLast();
      if (own.ready(id).filter(status -> status.pid().equals(updated.get(id))).isPresent()) {
        present.accept(Optional.of(id));
        progress.accept(why + "; goes back to " + from.version());
        goBack(id);
      }
      // else it is a process of its own by now, and was started with the old one
    }
  }

  private void goBack(InstanceId id) {
    try {
      try {
        UpdateResult result = ask(id, from, true);
        if (!result.getProblem().isEmpty()) {
          throw new FailedException(result.getProblem());
        }
      } catch (FailedException e) {
        LOG.log(
            Level.WARNING,
            "{0} cannot go back to {1} in place ({2}), and is started anew",
            id,
            from.version(),
            e.getMessage());
        restart(id);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
