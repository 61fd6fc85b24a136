package blackhole.orchestrator.remote;

import blackhole.api.rpc.NodeChannels;
import blackhole.orchestrator.config.RemoteNode;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/** Watches all services of all other nodes. Thread-safe. */
public final class RemoteNodes implements AutoCloseable {
  private final List<RemoteWatch> watches;

  /**
   * What the watches stand on.
   *
   * @param interval between health checks; and the longest wait before a lost node is tried again
   * @param timeout of a health check
   * @param timer for short tasks that don't block
   */
  public record Surroundings(
      NodeChannels channels,
      RemoteSink sink,
      Duration interval,
      Duration timeout,
      ScheduledExecutorService timer,
      Clock clock) {}

  public RemoteNodes(List<RemoteNode> nodes, Surroundings surroundings) {
    watches =
        nodes.stream()
            .flatMap(
                node ->
                    node.services().entrySet().stream()
                        .map(
                            service ->
                                new RemoteWatch(
                                    node, service.getKey(), service.getValue(), surroundings)))
            .toList();
  }

  /** Begins to connect; every endpoint is reported once before this returns. */
  public void start() {
    watches.forEach(RemoteWatch::start);
  }

  /** Closes all connections; nothing is reported afterwards. */
  @Override
  public void close() {
    watches.forEach(RemoteWatch::close);
  }
}
