package blackhole.orchestrator.node;

import blackhole.api.process.ProcessLauncher;
import blackhole.api.supervision.InstanceId;
import blackhole.orchestrator.node.EarlierHosts.Leaving;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Ends the hosts of earlier orchestrators that do not go on: SIGTERM first, so that calls in flight
 * finish, then SIGKILL; and removes what is left of those that have ended. Thread-safe.
 */
final class StrandedHosts {
  private static final Logger LOG = System.getLogger(StrandedHosts.class.getName());
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final HostRecords records;
  private final ProcessLauncher processes;
  private final HostFiles files;
  private final ScheduledExecutorService timers;
  private final Executor executor;
  private final Consumer<String> removeGroup;
  private final Map<InstanceId, CompletableFuture<Void>> leaving = new ConcurrentHashMap<>();
  private final Set<Path> keptSockets = ConcurrentHashMap.newKeySet();

  /**
   * @param removeGroup ends what else runs of a host, by its id
   */
  StrandedHosts(
      HostRecords records,
      ProcessLauncher processes,
      HostFiles files,
      ScheduledExecutorService timers,
      Executor executor,
      Consumer<String> removeGroup) {
    this.records = records;
    this.processes = processes;
    this.files = files;
    this.timers = timers;
    this.executor = executor;
    this.removeGroup = removeGroup;
  }

  /**
   * These are going to be ended: from now on nobody takes their place before they are gone.
   *
   * @param kept sockets of hosts that stay, which are theirs whatever a record says
   */
  void expect(List<Leaving> all, Set<Path> kept) {
    keptSockets.addAll(kept);
    for (Leaving one : all) {
      one.id().ifPresent(id -> leaving.merge(id, new CompletableFuture<>(), (old, more) -> old));
    }
  }

  /** Completes when no stranded process of this instance is left. */
  CompletionStage<Void> gone(InstanceId id) {
    return leaving.getOrDefault(id, CompletableFuture.completedFuture(null));
  }

  /**
   * Ends those that were {@linkplain #expect expected}. Completes when none is left, with how many
   * were ended.
   *
   * @param patience how long they may take after SIGTERM
   */
  CompletionStage<Integer> end(List<Leaving> all, Duration patience) {
    Map<Leaving, CompletableFuture<Void>> ends = new HashMap<>();
    all.forEach(one -> ends.put(one, end(one, patience)));
    leaving.forEach(
        (id, gone) ->
            all(ends.entrySet().stream()
                    .filter(end -> end.getKey().id().filter(id::equals).isPresent())
                    .map(Map.Entry::getValue))
                .thenRun(() -> gone.complete(null)));
    return all(ends.values().stream())
        .thenApply(done -> (int) all.stream().filter(Leaving::lives).count());
  }

  private static CompletableFuture<Void> all(Stream<CompletableFuture<Void>> some) {
    return CompletableFuture.allOf(some.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Void> end(Leaving one, Duration patience) {
    CompletableFuture<Void> gone = new CompletableFuture<>();
    if (one.lives()) {
      LOG.log(
          Level.INFO,
          "ends {0} (pid {1,number,#}) of an earlier orchestrator: {2}",
          one.record().hostId(),
          one.record().process().pid(),
          one.why());
      processes.terminate(one.record().process());
      awaitEnd(one.record(), patience, gone);
    } else {
      gone.complete(null);
    }
    return gone.thenRunAsync(() -> forget(one.record()), executor);
  }

  /** It is not our child, so nobody tells us of its end: look until it is gone. */
  private void awaitEnd(HostRecord record, Duration patience, CompletableFuture<Void> gone) {
    long deadline = System.nanoTime() + patience.toNanos();
    ScheduledFuture<?> looks =
        timers.scheduleAtFixedRate(
            () -> {
              if (processes
                  .find(record.process().pid())
                  .filter(record.process()::equals)
                  .isEmpty()) {
                gone.complete(null);
              } else if (System.nanoTime() - deadline > 0) {
                processes.kill(record.process());
              }
            },
            0,
            LOOK_EVERY.toMillis(),
            TimeUnit.MILLISECONDS);
    gone.whenComplete((ended, failure) -> looks.cancel(false));
  }

  private void forget(HostRecord record) {
    removeGroup.accept(record.hostId());
    if (keptSockets.contains(record.socket())) {
      files.remove(record.hostId());
    } else {
      files.remove(record.hostId(), record.socket(), record.link());
    }
    records.remove(record.hostId());
  }
}
