package blackhole.bench.isolation;

import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.util.List;

/** A node with a service that is measured, and bad neighbours that are started one at a time. */
final class Neighbourhood implements AutoCloseable {
  /** Each is a service of that name; the time is that of the period of its quota. */
  static final List<String> NEIGHBOURS = List.of("spin", "spin-10ms", "leak", "exit");

  private final TestNode node;
  private final ManagedChannel channel;

  /**
   * @param service the jar of the measured service's bundle, whose copies the neighbours are
   */
  Neighbourhood(Path service) {
    this.node =
        TestNode.builder()
            .yaml(
                """
                services:
                  echo:
                    bundle: "%1$s"
                    resource_limits: { max_memory: 192MB }
                  spin:
                    bundle: "%1$s"
                    custom: { fault: spin }
                    resource_limits: { max_memory: 192MB, max_cpu: 0.5 }
                  spin-10ms:
                    bundle: "%1$s"
                    custom: { fault: spin }
                    resource_limits: { max_memory: 192MB, max_cpu: 0.5, cpu_period: 10ms }
                  leak:
                    bundle: "%1$s"
                    custom: { fault: leak }
                    resource_limits: { max_memory: 192MB, max_cpu: 0.5 }
                    restart_policy: { max_restarts: 100000, restart_delay: 10ms, max_backoff: 10ms }
                  exit:
                    bundle: "%1$s"
                    custom: { fault: exit }
                    resource_limits: { max_memory: 192MB, max_cpu: 0.5 }
                    restart_policy: { max_restarts: 100000, restart_delay: 10ms, max_backoff: 10ms }
                supervisor: { warm_spares: 0, start_timeout: 60s }
                """
                    .formatted(service))
            .create();
    try {
      // not all of these get READY
      node.run();
      Await.until("the node answers", TestNode.PATIENCE, () -> !node.json("bh:ps").isEmpty());
      NEIGHBOURS.forEach(this::stop);
      node.awaitState("echo", "READY");
      node.awaitTrained();
      this.channel = node.channel("echo");
    } catch (RuntimeException | AssertionError e) {
      node.close();
      throw e;
    }
  }

  ManagedChannel channel() {
    return channel;
  }

  /** Of the process that supervises. */
  long orchestrator() {
    return node.orchestrator();
  }

  /** Returns when it does its worst. */
  void start(String neighbour) {
    int before = deaths(neighbour);
    // those that end at once never get READY, and the command says so
    var unused = node.tryExec("bh:start " + neighbour);
    if (!neighbour.startsWith("spin")) {
      Await.until(
          neighbour + " has died",
          TestNode.PATIENCE.multipliedBy(2),
          () -> deaths(neighbour) > before);
    }
  }

  void stop(String neighbour) {
    String unused = node.exec("bh:stop " + neighbour);
    node.awaitState(neighbour, "STOPPED");
  }

  /** How often its process has ended by itself, in all. */
  int deaths(String neighbour) {
    return node.status(neighbour).get("restarts").getAsInt();
  }

  /** Of all that stands in the node's log directory. */
  long logBytes() {
    return node.logBytes();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    node.close();
  }
}
