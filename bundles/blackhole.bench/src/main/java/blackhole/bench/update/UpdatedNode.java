package blackhole.bench.update;

import blackhole.bench.update.service.RelayService;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import io.grpc.ManagedChannel;
import java.nio.file.Path;

/** A node with the services that are updated, and with one that calls them. */
final class UpdatedNode implements AutoCloseable {
  /** Has no data, so its versions can be there at once. */
  static final String STATELESS = RelayService.VERSIONED;

  /** Its data is for one writer, so one version stops before the other starts. */
  static final String WRITER = "writer";

  static final String IDENTITY = "identity";
  static final String RELAY = "relay";

  private final TestNode node;

  UpdatedNode(Path stateless, Path writer, Path relay) {
    node =
        TestNode.start(
            """
            services:
              %s: { bundle: "%s" }
              %s: { bundle: "%s" }
              %s: { bundle: "%s" }
              # two versions, a hash of 19 MB for each user, and a load
              identity: { resource_limits: { max_memory: 512MB } }
            supervisor:
              warm_spares: 1
              update_observation: 1s
              # a process that goes waits so long for its streams
              graceful_shutdown_timeout: 5s
            """
                .formatted(STATELESS, stateless, WRITER, writer, RELAY, relay));
    try {
      node.awaitTrained();
      long unused = node.awaitSpare();
    } catch (RuntimeException | AssertionError e) {
      node.close();
      throw e;
    }
  }

  Path home() {
    return node.home();
  }

  Path socket(String service) {
    return node.socket(service);
  }

  ManagedChannel channel(String service) {
    return node.channel(service);
  }

  String version(String service) {
    return node.status(service).get("bundle_version").getAsString();
  }

  /** Updates it as an operator does; gives the command's last line. */
  String update(String service, Path file, boolean rolling) {
    String said =
        node.exec("bh:update " + (rolling ? "--rolling " : "") + service + " " + file).strip();
    return said.substring(said.lastIndexOf('\n') + 1);
  }

  /** Until there is one again for the next update. */
  void awaitSpare() {
    long unused = node.awaitSpare();
  }

  void awaitVersion(String service, String version) {
    Await.until(
        service + " has " + version, TestNode.PATIENCE, () -> version(service).equals(version));
  }

  @Override
  public void close() {
    node.close();
  }
}
