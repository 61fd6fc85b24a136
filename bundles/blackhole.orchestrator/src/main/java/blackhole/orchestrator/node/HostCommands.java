package blackhole.orchestrator.node;

import blackhole.api.shell.LineResult;
import blackhole.api.supervision.Hosts;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.SupervisionException;
import blackhole.orchestrator.control.HostSession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lines of Gogo, run inside hosts over their control streams. */
final class HostCommands implements Hosts {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final HostDriver driver;

  HostCommands(HostDriver driver) {
    this.driver = driver;
  }

  @Override
  public CompletionStage<LineResult> execute(InstanceId id, String line) {
    Optional<HostSession> session = driver.session(id);
    if (session.isEmpty()) {
      return CompletableFuture.failedFuture(
          new SupervisionException(id + " has no host that is connected; see: ps"));
    }
    // off the session's thread: whoever waits for the result may do with it what it likes
    return session.get().execute(line, TIMEOUT).thenApplyAsync(result -> result);
  }

  @Override
  public CompletionStage<List<CallerReport>> outgoingCalls() {
    return CompletableFuture.completedFuture(List.of());
  }
}
