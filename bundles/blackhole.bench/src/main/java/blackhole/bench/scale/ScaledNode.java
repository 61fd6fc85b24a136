package blackhole.bench.scale;

import blackhole.bench.service.FirstAnswer;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import java.nio.file.Path;

/** A node with one service, of which there are more or fewer instances. */
final class ScaledNode implements AutoCloseable {
  private static final String SERVICE = "echo";

  private final TestNode node;
  private final int spares;

  /**
   * @param service the jar of the measured service's bundle
   */
  ScaledNode(Path service, int spares) {
    this.spares = spares;
    this.node =
        TestNode.start(
            """
            services:
              %s:
                bundle: "%s"
                resource_limits: { max_memory: 192MB }
            supervisor: { warm_spares: %d }
            """
                .formatted(SERVICE, service, spares));
    node.awaitTrained();
  }

  /** Of the process that supervises. */
  long orchestrator() {
    return node.orchestrator();
  }

  /** Waits until the next start is as well prepared as it gets. */
  void awaitPrepared() {
    if (spares > 0) {
      long unused = node.awaitSpare();
    }
  }

  /** Asks for so many instances, and waits until all are READY. */
  void scale(int instances) {
    String unused = node.exec("bh:scale " + SERVICE + " " + instances);
    Await.until(
        instances + " are READY, and no others there",
        TestNode.PATIENCE.multipliedBy(5),
        () -> {
          var rows = node.json("bh:ps");
          int ready = 0;
          for (var row : rows) {
            ready += row.getAsJsonObject().get("state").getAsString().equals("READY") ? 1 : 0;
          }
          return ready == instances && rows.size() == instances;
        });
  }

  /** From the command for a second instance to its first answer, in milliseconds; then it goes. */
  double millisToSecond(FirstAnswer answer) throws InterruptedException {
    scale(1);
    awaitPrepared();
    Path socket = node.home().resolve("run").resolve(SERVICE + "-2.sock");
    long began = System.nanoTime();
    Thread command = new Thread(() -> node.exec("bh:scale " + SERVICE + " 2"), "scale");
    command.start();
    double millis = answer.millisSince(began, socket);
    command.join();
    return millis;
  }

  @Override
  public void close() {
    node.close();
  }
}
