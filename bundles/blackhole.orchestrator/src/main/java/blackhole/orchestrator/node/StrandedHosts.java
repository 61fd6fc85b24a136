package blackhole.orchestrator.node;

import blackhole.api.process.ProcessLauncher;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Ends the hosts that an orchestrator left behind when it was killed, before a new one starts its
 * own: SIGTERM first, so that calls in flight finish, then SIGKILL. A process is one of ours only
 * if its number, its start time and the token in its environment all match the record; anything
 * else is a stranger and lives.
 */
final class StrandedHosts {
  private static final Logger LOG = System.getLogger(StrandedHosts.class.getName());
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final HostRecords records;
  private final ProcessLauncher processes;
  private final HostFiles files;
  private final ScheduledExecutorService timers;
  private final Consumer<String> removeGroup;

  /**
   * @param removeGroup ends what else runs of a host, by its id
   */
  StrandedHosts(
      HostRecords records,
      ProcessLauncher processes,
      HostFiles files,
      ScheduledExecutorService timers,
      Consumer<String> removeGroup) {
    this.records = records;
    this.processes = processes;
    this.files = files;
    this.timers = timers;
    this.removeGroup = removeGroup;
  }

  /**
   * Completes when none of the recorded hosts runs any more, with how many were ended.
   *
   * @param patience how long they may take after SIGTERM
   */
  CompletionStage<Integer> end(Duration patience) throws IOException {
    List<CompletableFuture<Boolean>> ends = new ArrayList<>();
    for (HostRecord record : records.all()) {
      ends.add(end(record, patience));
    }
    return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
        .thenApply(done -> (int) ends.stream().filter(CompletableFuture::join).count());
  }

  private CompletableFuture<Boolean> end(HostRecord record, Duration patience) {
    boolean ours = isOurs(record);
    CompletableFuture<Boolean> gone = new CompletableFuture<>();
    if (ours) {
      LOG.log(
          Level.INFO,
          "ends {0} (pid {1,number,#}), left behind by an orchestrator that is gone",
          record.hostId(),
          record.process().pid());
      processes.terminate(record.process());
      awaitEnd(record, patience, gone);
    } else {
      gone.complete(false);
    }
    return gone.whenComplete((ended, failure) -> forget(record));
  }

  private boolean isOurs(HostRecord record) {
    return processes.find(record.process().pid()).filter(record.process()::equals).isPresent()
        && processes
            .environment(record.process(), HostEnvironment.TOKEN)
            .filter(record.token()::equals)
            .isPresent();
  }

  /** It is not our child, so nobody tells us of its end: look until it is gone. */
  private void awaitEnd(HostRecord record, Duration patience, CompletableFuture<Boolean> gone) {
    long deadline = System.nanoTime() + patience.toNanos();
    ScheduledFuture<?> looks =
        timers.scheduleAtFixedRate(
            () -> {
              if (processes
                  .find(record.process().pid())
                  .filter(record.process()::equals)
                  .isEmpty()) {
                gone.complete(true);
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
    files.remove(record.hostId(), record.socket(), record.link());
    records.remove(record.hostId());
  }
}
