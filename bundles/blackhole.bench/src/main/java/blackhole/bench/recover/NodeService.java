package blackhole.bench.recover;

import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import java.nio.file.Path;
import java.time.Duration;

/** The service on a whole node, with warm spares or without. */
final class NodeService implements Supervised {
  private static final String SERVICE = "echo";

  /** A run of this length is stable, so the next start comes at once. */
  private static final Duration STABLE = Duration.ofSeconds(1);

  private final int spares;
  private final TestNode node;
  private final Path socket;

  /**
   * @param service the jar of the measured service's bundle
   */
  NodeService(Path service, int spares) {
    this.spares = spares;
    this.node =
        TestNode.start(
            """
            services:
              %s:
                bundle: "%s"
                resource_limits: { max_memory: 256MB }
                restart_policy: { max_restarts: 1000, restart_delay: 10ms, max_backoff: 10ms }
            supervisor: { warm_spares: %d, stable_after: 1s }
            """
                .formatted(SERVICE, service, spares));
    this.socket = node.socket(SERVICE);
    node.awaitTrained();
    // from now on its starts have the archive
    String unused = node.exec("bh:restart " + SERVICE);
  }

  @Override
  public String name() {
    return spares > 0 ? "host, warm spare" : "host, cold start";
  }

  @Override
  public Path socket() {
    return socket;
  }

  @Override
  public long awaitPrepared() {
    if (spares > 0) {
      long unused = node.awaitSpare();
    }
    Await.until(
        "the service runs stably",
        TestNode.PATIENCE,
        () -> {
          var row = node.status(SERVICE);
          return row.get("state").getAsString().equals("READY")
              && row.get("uptime_seconds").getAsLong() > STABLE.toSeconds();
        });
    return node.pid(SERVICE).orElseThrow();
  }

  @Override
  public void close() {
    node.close();
  }
}
