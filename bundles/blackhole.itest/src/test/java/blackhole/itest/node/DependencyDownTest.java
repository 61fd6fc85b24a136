package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.itest.calls.v1.CallRequest;
import blackhole.itest.calls.v1.CallResponse;
import blackhole.itest.calls.v1.Kind;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that is called is stopped, fails, or was never there: callers are told at once. */
class DependencyDownTest {
  @TempDir private static Path bundles;

  private static TestNode node;
  private static CallBundles.Driver driver;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            """
            services:
              identity:
                circuit_breaker: { failure_threshold: 3, success_threshold: 2, half_open_timeout: 1s }
              storage: { depends_on: [identity] }
              target:
                bundle: %s
                restart_policy: { restart_delay: 50ms, max_backoff: 100ms }
              driver: { bundle: %s }
            """
                .formatted(CallBundles.target(bundles), CallBundles.driver(bundles)));
    driver = CallBundles.driverOf(node);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static CallResponse putAs(String token) {
    return driver.call(
        CallRequest.newBuilder()
            .setService("storage")
            .setKind(Kind.STORAGE_PUT)
            .setArgument("by " + token)
            .setToken(token)
            .build());
  }

  private static JsonObject breaker(String caller, String service) {
    return StreamSupport.stream(node.json("bh:breakers").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .filter(row -> row.get("caller").getAsString().equals(caller))
        .filter(row -> row.get("service").getAsString().equals(service))
        .findFirst()
        .orElse(new JsonObject());
  }

  private static boolean breakerIs(String caller, String service, String state) {
    JsonObject row = breaker(caller, service);
    return row.has("state") && row.get("state").getAsString().equals(state);
  }

  @Test
  void aBreakerOpensWhileIdentityIsStoppedAndClosesWhenItIsBack() {
    Users.register(node.channel("identity"), "carol");
    String known = Users.authenticate(node.channel("identity"), "carol");
    String unseen = Users.authenticate(node.channel("identity"), "carol");
    assertThat(putAs(known).getCode()).isEqualTo("OK");

    node.exec("bh:stop identity");
    CallResponse refused = putAs(unseen);

    assertThat(refused.getCode()).isEqualTo("UNAVAILABLE");
    assertThat(refused.getMessage()).contains("identity");
    assertThat(refused.getReason()).isEqualTo("SERVICE_STOPPED");
    // what identity has vouched for is still good
    assertThat(putAs(known).getCode()).isEqualTo("OK");
    Await.until(
        "storage's breaker to identity is open",
        TestNode.PATIENCE,
        () -> {
          putAs(unseen);
          return breakerIs("storage-1", "identity", "open");
        });
    // again, because it tries anew after a second, which a loaded machine may take to get here
    Await.until(
        "a call is refused by the open breaker",
        TestNode.PATIENCE,
        () -> putAs(unseen).getReason().equals("CIRCUIT_OPEN"));

    node.exec("bh:start identity");

    Await.until(
        "a token that was not seen before is good again",
        TestNode.PATIENCE,
        () -> putAs(Users.authenticate(node.channel("identity"), "carol")).getCode().equals("OK"));
    Await.until(
        "the breaker is closed",
        TestNode.PATIENCE,
        () -> {
          putAs(Users.authenticate(node.channel("identity"), "carol"));
          return breakerIs("storage-1", "identity", "closed");
        });
  }

  @Test
  void aForgedTokenIsRefusedWithItsReason() {
    CallResponse refused = putAs("forged");

    assertThat(refused.getCode()).isEqualTo("UNAUTHENTICATED");
    assertThat(refused.getReason()).isEqualTo("TOKEN_INVALID");
  }

  /** At once, so that the deadline of a minute plays no part. */
  @Test
  void anUnknownServiceIsRefusedAtOnce() {
    CallResponse refused =
        driver.call(
            CallRequest.newBuilder()
                .setService("nobody")
                .setKind(Kind.READ)
                .setDeadlineMillis(50_000)
                .build());

    assertThat(refused.getCode()).isEqualTo("UNAVAILABLE");
    assertThat(refused.getReason()).isEqualTo("SERVICE_NOT_FOUND");
    assertThat(refused.getMessage()).contains("nobody");
  }

  /** Hold: a call that comes while the service restarts waits for it. */
  @Test
  void aCallWaitsForAServiceThatRestarts() {
    assertThat(driver.call("target", Kind.APPEND, "before").getCode()).isEqualTo("OK");
    long pid = node.pid("target").orElseThrow();
    node.exec("bh:restart target");
    assertThat(driver.call("target", Kind.APPEND, "after").getCode()).isEqualTo("OK");
    assertThat(node.pid("target").orElseThrow()).isNotEqualTo(pid);

    node.kill("target");
    // not idempotent, so no retry of it could hide a failure
    assertThat(driver.call("target", Kind.APPEND, "after the kill").getCode()).isEqualTo("OK");
  }

  @Test
  void endpointsTellWhatCallersCanReach() {
    JsonObject row = node.json("bh:endpoints target").get(0).getAsJsonObject();

    assertThat(row.keySet())
        .containsExactly(
            "service",
            "type",
            "node_id",
            "address",
            "socket",
            "port",
            "pid",
            "health",
            "last_seen");
    assertThat(row.get("type").getAsString()).isEqualTo("local");
    assertThat(row.get("socket").getAsString()).isEqualTo(node.socket("target").toString());
    assertThat(row.get("last_seen").isJsonNull()).isFalse();
  }
}
