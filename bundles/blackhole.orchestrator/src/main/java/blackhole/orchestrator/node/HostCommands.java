package blackhole.orchestrator.node;

import blackhole.api.rpc.CallStatistics;
import blackhole.api.shell.LineResult;
import blackhole.api.supervision.Hosts;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.SupervisionException;
import blackhole.orchestrator.control.ControlSessions;
import blackhole.orchestrator.control.HostSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** What is asked of hosts over their control streams. */
final class HostCommands implements Hosts {
  private static final Duration LINE_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration REPORT_TIMEOUT = Duration.ofSeconds(1);

  private final HostDriver driver;
  private final ControlSessions sessions;
  private final Supplier<Optional<CallStatistics>> own;

  /**
   * @param own what this process has called itself
   */
  HostCommands(
      HostDriver driver, ControlSessions sessions, Supplier<Optional<CallStatistics>> own) {
    this.driver = driver;
    this.sessions = sessions;
    this.own = own;
  }

  @Override
  public CompletionStage<LineResult> execute(InstanceId id, String line) {
    Optional<HostSession> session = driver.session(id);
    if (session.isEmpty()) {
      return CompletableFuture.failedFuture(
          new SupervisionException(id + " has no host that is connected; see: ps"));
    }
    // off the session's thread: whoever waits for the result may do with it what it likes
    return session.get().execute(line, LINE_TIMEOUT).thenApplyAsync(result -> result);
  }

  @Override
  public CompletionStage<List<CallerReport>> outgoingCalls() {
    Map<InstanceId, CompletableFuture<Optional<CallerReport>>> asked =
        new TreeMap<>(Comparator.naturalOrder());
    for (HostSession session : sessions.all()) {
      driver
          .run(session.hostId())
          .ifPresent(run -> asked.put(run.id(), report(run.id().toString(), session)));
    }
    return CompletableFuture.allOf(asked.values().toArray(CompletableFuture<?>[]::new))
        .thenApplyAsync(
            done -> {
              List<CallerReport> reports = new ArrayList<>();
              own.get()
                  .map(statistics -> new CallerReport(ThisCaller.NAME, statistics.calls()))
                  .ifPresent(reports::add);
              asked.values().forEach(report -> report.join().ifPresent(reports::add));
              return List.copyOf(reports);
            });
  }

  @Override
  public CompletionStage<List<HostMetrics>> metrics() {
    Map<InstanceId, CompletableFuture<HostMetrics>> asked = new TreeMap<>();
    for (HostDriver.Run run : driver.runs()) {
      CompletableFuture<HostMetrics> told = new CompletableFuture<>();
      boolean adopted = driver.isAdopted(run.hostId());
      sessions
          .find(run.hostId())
          .map(session -> session.metrics(REPORT_TIMEOUT))
          .orElseGet(() -> CompletableFuture.failedFuture(new SupervisionException("no session")))
          .whenComplete(
              (metrics, problem) ->
                  told.complete(
                      new HostMetrics(
                          run.id(), run.hostId(), adopted, Optional.ofNullable(metrics))));
      asked.put(run.id(), told);
    }
    return CompletableFuture.allOf(asked.values().toArray(CompletableFuture<?>[]::new))
        .thenApplyAsync(done -> asked.values().stream().map(CompletableFuture::join).toList());
  }

  /** Empty when the host does not answer. */
  private static CompletableFuture<Optional<CallerReport>> report(
      String caller, HostSession session) {
    CompletableFuture<Optional<CallerReport>> report = new CompletableFuture<>();
    session
        .callReport(REPORT_TIMEOUT)
        .whenComplete(
            (calls, problem) ->
                report.complete(
                    problem == null
                        ? Optional.of(new CallerReport(caller, calls))
                        : Optional.empty()));
    return report;
  }
}
