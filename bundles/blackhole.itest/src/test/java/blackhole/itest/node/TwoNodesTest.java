package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.itest.calls.v1.CallResponse;
import blackhole.itest.calls.v1.Kind;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes: one without an instance of storage, which falls back to the other's over TLS. The
 * tests are the chapters of one story.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoNodesTest {
  private static final String CONTENT = "kept on node-b";

  @TempDir private static Path directory;

  private static TestNode home;
  private static TestNode other;
  private static CallBundles.Driver driver;
  private static CallBundles.Driver otherDriver;
  private static String cid = "";

  @BeforeAll
  static void start() throws IOException {
    List<Integer> ports = Ports.free(1);
    Path driverBundle = CallBundles.driver(directory);
    Certificates good = Certificates.make(directory.resolve("good"), "node-a", "node-b");
    other =
        TestNode.start(
            """
            node: { id: node-b, %s }
            services:
              identity: {}
              storage: { port: %d }
              driver: { bundle: %s }
            """
                .formatted(good.yaml("node-b"), ports.get(0), driverBundle));
    home =
        TestNode.start(
            """
            node: { id: node-a, %1$s }
            supervisor: { health_check_interval: 1s }
            remote:
              - node_id: node-b
                services: { storage: "127.0.0.1:%2$d" }
            services:
              identity: {}
              storage: { remote_fallback: reads }
              driver: { bundle: %3$s }
            """
                .formatted(good.yaml("node-a"), ports.get(0), driverBundle));
    driver = CallBundles.driverOf(home);
    otherDriver = CallBundles.driverOf(other);
  }

  @AfterAll
  static void stop() {
    try (TestNode last = other) {
      home.close();
    }
  }

  @Test
  @Order(1)
  void callsStayAtHomeWhileThereIsAnInstance() {
    cid = otherDriver.call("storage", Kind.STORAGE_PUT, CONTENT).getAnswer();

    CallResponse local = driver.call("storage", Kind.STORAGE_GET, cid);

    assertThat(local.getCode()).isEqualTo("NOT_FOUND");
  }

  @Test
  @Order(2)
  void endpointsShowTheOtherNode() {
    // a node does not wait for others when it starts, so the first handshake may not be over yet
    JsonObject remote =
        Await.value(
            "the other node is healthy",
            TestNode.PATIENCE,
            () -> remote().filter(row -> row.get("health").getAsString().equals("healthy")));

    assertThat(remote.get("node_id").getAsString()).isEqualTo("node-b");
    assertThat(remote.get("last_seen").isJsonNull()).isFalse();
    assertThat(remote.get("socket").isJsonNull()).isTrue();
  }

  private static Optional<JsonObject> remote() {
    return StreamSupport.stream(home.json("bh:endpoints storage").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(row -> row.get("type").getAsString().equals("remote"))
        .findFirst();
  }

  @Test
  @Order(3)
  void readsGoToTheOtherNodeAndWritesDoNot() {
    home.exec("bh:stop storage");

    CallResponse read = driver.call("storage", Kind.STORAGE_GET, cid);
    CallResponse write = driver.call("storage", Kind.STORAGE_PUT, "must stay here");

    assertThat(read.getCode()).as(read.getMessage()).isEqualTo("OK");
    assertThat(read.getAnswer()).isEqualTo(CONTENT);
    assertThat(write.getCode()).isEqualTo("UNAVAILABLE");
    assertThat(write.getReason()).isEqualTo("SERVICE_STOPPED");
  }

  @Test
  @Order(4)
  void callsComeHome() {
    String local = "written at home";
    home.startService("storage");

    CallResponse put = driver.call("storage", Kind.STORAGE_PUT, local);

    assertThat(put.getCode()).isEqualTo("OK");
    Await.until(
        "reads are answered at home",
        TestNode.PATIENCE,
        () -> driver.call("storage", Kind.STORAGE_GET, cid).getCode().equals("NOT_FOUND"));
    assertThat(driver.call("storage", Kind.STORAGE_GET, put.getAnswer()).getAnswer())
        .isEqualTo(local);
  }

  /** Signed by somebody else. */
  @Test
  @Order(5)
  void aStrangersCertificateIsRefusedWithTheReasonOnBothEnds() throws IOException {
    Certificates strange = Certificates.make(directory.resolve("strange"), "node-c");
    int port = remote().orElseThrow().get("port").getAsInt();
    try (TestNode stranger =
        TestNode.start(
            """
            node: { id: node-c, %1$s }
            supervisor: { health_check_interval: 1s }
            remote:
              - node_id: node-b
                certificate_authority: %2$s
                services: { storage: "127.0.0.1:%3$d" }
            services:
              driver: { bundle: %4$s }
            """
                .formatted(
                    strange.yaml("node-c"),
                    directory.resolve("good").resolve("ca.pem"),
                    port,
                    CallBundles.driver(Files.createDirectories(directory.resolve("c")))))) {
      CallBundles.Driver caller = CallBundles.driverOf(stranger);

      CallResponse refused = caller.call("storage", Kind.STORAGE_GET, cid);

      assertThat(refused.getCode()).isEqualTo("UNAVAILABLE");
      assertThat(refused.getMessage()).contains("certificate");
      Path log = other.home().resolve("log").resolve("storage-1.log");
      Await.until(
          "the other end names the reason too",
          TestNode.PATIENCE,
          () -> Files.readString(log).contains("signed by no authority that this node trusts"));
    }
  }
}
