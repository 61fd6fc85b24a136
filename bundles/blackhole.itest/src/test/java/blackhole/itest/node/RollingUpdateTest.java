package blackhole.itest.node;

import static blackhole.itest.node.CallBundles.request;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.itest.calls.v1.CallRequest;
import blackhole.itest.calls.v1.CallResponse;
import blackhole.itest.calls.v1.DriverGrpc;
import blackhole.itest.calls.v1.Kind;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.grpc.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** New processes in the place of those that serve, and versions that are just put somewhere. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RollingUpdateTest {
  /** A node that starts again on a busy machine takes its time. */
  private static final Duration BUSY = Duration.ofMinutes(4);

  @TempDir private static Path directory;

  private static HotBundles bundles;
  private static Path target;
  private static Path writer;
  private static Path caller;
  private static TestNode node;

  @BeforeAll
  static void start() throws IOException {
    bundles = new HotBundles(directory);
    target = CallBundles.target(Files.createDirectory(directory.resolve("t")));
    writer = CallBundles.oneWriter(Files.createDirectory(directory.resolve("w")));
    Path driver = CallBundles.driver(Files.createDirectory(directory.resolve("d")));
    caller = driver;
    node =
        TestNode.start(
            yaml(
                "target: { bundle: %s }".formatted(target),
                "writer: { bundle: %s }".formatted(writer)));
  }

  private static String yaml(String... others) {
    return """
    services:
      %s
      driver: { bundle: %s }
    supervisor: { update_observation: 1s, start_timeout: 2m }
    """
        .formatted(String.join("\n  ", others), caller);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  @Order(1)
  void noCallFailsWhileAnotherInstanceStandsIn() throws Exception {
    noCallFails("target", bundles.as(target, "2.0.0"), "stands in for those");
  }

  /** Its data is for one writer: one process ends before the next one opens. */
  @Test
  @Order(2)
  void noCallFailsWhileCallsWaitForTheNextProcess() throws Exception {
    noCallFails("writer", bundles.as(writer, "2.0.0"), "one process at a time");
  }

  private static void noCallFails(String service, Path next, String how) throws Exception {
    Channel driver = node.channel("driver");
    AtomicInteger ids = new AtomicInteger();
    try (SteadyCalls calls = new SteadyCalls()) {
      calls.keep("reading", () -> call(driver, request(service, Kind.READ, "")));
      calls.keep(
          "appending",
          () -> call(driver, request(service, Kind.APPEND, service + ids.incrementAndGet())));
      String[] lines = {
        "update --rolling " + service + " " + next,
        "rollback --rolling " + service,
        "restart --rolling " + service
      };
      for (String line : lines) {
        long pid = node.pid(service).orElseThrow();
        assertThat(node.exec("bh:" + line)).contains(how).contains("new processes, in 1 instance");
        assertThat(node.pid(service).orElseThrow()).isNotEqualTo(pid);
      }
      calls.assertNoneFailed();
    }
    awaitOnly(service, "1.0.0");
    JsonObject last = last(node.json("bh:history " + service));
    assertThat(last.get("mode").getAsString()).isEqualTo("rolling");
    assertThat(last.get("outcome").getAsString()).isEqualTo("current");
  }

  private static void call(Channel driver, CallRequest request) {
    CallResponse response =
        DriverGrpc.newBlockingStub(driver)
            .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .call(request);
    assertThat(response.getCode()).as(response.getMessage()).isEqualTo("OK");
  }

  private static JsonObject last(JsonArray rows) {
    return rows.get(rows.size() - 1).getAsJsonObject();
  }

  /** One instance, as is configured, and it has this version. */
  private static void awaitOnly(String service, String version) {
    Await.until(
        service + " has one instance, with " + version,
        BUSY,
        () -> {
          List<JsonObject> rows = new ArrayList<>();
          node.json("bh:ps").forEach(row -> rows.add(row.getAsJsonObject()));
          rows.removeIf(row -> !row.get("service").getAsString().equals(service));
          return rows.size() == 1
              && rows.get(0).get("state").getAsString().equals("READY")
              && rows.get(0).get("bundle_version").getAsString().equals(version);
        });
  }

  @Test
  @Order(3)
  void whatIsPutIntoTheFolderOfAServiceUpdatesIt() throws Exception {
    Path folder = Files.createDirectories(node.home().resolve("deploy/target"));
    Path made = Files.copy(bundles.as(target, "1.1.0"), folder.resolve("target.jar.part"));
    Files.move(made, folder.resolve("target.jar"), StandardCopyOption.ATOMIC_MOVE);
    awaitOnly("target", "1.1.0");
    awaitLast("target", "current");
    assertThat(last(node.json("bh:history target")).get("by").getAsString()).isEqualTo("deploy");

    Files.writeString(folder.resolve("target.jar"), "no jar");
    awaitLast("target", "refused");

    assertThat(last(node.json("bh:history target")).get("message").getAsString())
        .contains("is not a jar");
    assertThat(node.log()).contains("target.jar was not taken");
    assertThat(read(node.home().resolve("log/audit.log")))
        .containsPattern(
            "\"command\":\"deploy\",\"arguments\":\\[\"target\".*\"outcome\":\"done\"");
    awaitOnly("target", "1.1.0");
  }

  private static void awaitLast(String service, String outcome) {
    Await.until(
        "the last of " + service + " is " + outcome,
        BUSY,
        () ->
            last(node.json("bh:history " + service)).get("outcome").getAsString().equals(outcome));
  }

  /** One service goes on with new processes, one goes, one comes, and the one that calls stays. */
  @Test
  @Order(4)
  void aReloadBringsTheNodeToWhatItsFileSays() throws Exception {
    long replaced = node.pid("target").orElseThrow();
    long untouched = node.pid("driver").orElseThrow();
    Channel driver = node.channel("driver");
    node.configure(
        yaml(changedTarget(), "second: { bundle: %s, depends_on: [target] }".formatted(caller)));

    assertThat(hows("bh:reload --dry-run"))
        .containsExactlyInAnyOrder(
            "target custom.a rolling null",
            "target grpc.timeout live null",
            "second  start null",
            "writer  stop null");
    assertThat(node.pid("target")).hasValue(replaced);

    try (SteadyCalls calls = new SteadyCalls()) {
      calls.keep("reading", () -> call(driver, request("target", Kind.READ, "")));
      assertThat(hows("bh:reload"))
          .containsExactlyInAnyOrder(
              "target custom.a rolling true",
              "target grpc.timeout live true",
              "second  start true",
              "writer  stop true");
      calls.assertNoneFailed();
    }

    assertThat(node.pid("target").orElseThrow()).isNotEqualTo(replaced);
    assertThat(node.pid("driver")).hasValue(untouched);
    assertThat(services()).containsExactly("driver", "second", "target");
    assertThat(node.state("second")).isEqualTo("READY");
    assertThat(node.exec("bh:config target --json")).contains("\"services.target.custom.a\"");
    assertThat(node.exec("bh:journal -n 100")).contains("was reloaded");
    assertThat(read(node.home().resolve("log/audit.log"))).contains("\"reload\"");
    assertThat(node.exec("bh:reload")).contains("nothing has changed");
    call(driver, request("target", Kind.READ, ""));
  }

  private static String changedTarget() {
    return "target: { bundle: %s, custom: { a: b }, grpc: { timeout: 50s } }".formatted(target);
  }

  /** Each change: of what, what it takes, and whether it is in force. */
  private static List<String> hows(String line) {
    List<String> hows = new ArrayList<>();
    for (JsonElement one : node.json(line)) {
      JsonObject row = one.getAsJsonObject();
      hows.add(
          row.get("service").getAsString()
              + " "
              + row.get("key").getAsString()
              + " "
              + row.get("how").getAsString()
              + " "
              + (row.get("applied").isJsonNull() ? null : row.get("applied").getAsBoolean()));
    }
    return hows;
  }

  private static Set<String> services() {
    Set<String> services = new TreeSet<>();
    node.json("bh:ps")
        .forEach(row -> services.add(row.getAsJsonObject().get("service").getAsString()));
    return services;
  }

  /** Whatever it had begun is taken back by the next one. */
  @Test
  @Order(5)
  void anOrchestratorThatIsKilledInTheMiddleLeavesTheOldVersion() throws Exception {
    String before = node.status("target").get("bundle_version").getAsString();
    Path next = bundles.as(target, "3.0.0");
    Path history = node.home().resolve("bundles/target/history.jsonl");
    long orchestrator = node.orchestrator();
    CompletableFuture<Void> asked =
        CompletableFuture.runAsync(() -> node.tryExec("bh:update --rolling target " + next))
            // whoever answers is about to go
            .exceptionally(gone -> null);
    Await.until("it is being updated", BUSY, () -> read(history).contains("PENDING"));

    // the update takes two observations at least
    Processes.kill(orchestrator);

    assertThat(asked).succeedsWithin(BUSY);
    Await.until("the next one answers", BUSY, () -> node.tryExec("bh:ps").exitCode() == 0);
    awaitLast("target", "rolled-back");
    awaitOnly("target", before);
    assertThat(last(node.json("bh:history target")).get("message").getAsString())
        .contains("the orchestrator ended");
    call(node.channel("driver"), request("target", Kind.READ, ""));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As an operator may stop a node at any time: also when hosts of an earlier one still end. */
  @Test
  @Order(6)
  void aStopWaitsForWhatAnEarlierOrchestratorLeft() {
    long unwanted = node.pid("second").orElseThrow();
    node.configure(yaml(changedTarget()));
    // so that it does not drain, and is killed at last, when all else has been stopped
    TestNode.signal(unwanted, "STOP");
    Processes.kill(node.orchestrator());
    Await.until("the next one answers", BUSY, () -> node.tryExec("bh:ps").exitCode() == 0);

    assertThat(node.stop()).isZero();

    assertThat(node.leftBehind()).isEmpty();
    Processes.awaitGone(unwanted);
  }

  /** Whichever way they come. */
  @Test
  @Order(7)
  void aNodeThatTrustsSomebodyTakesNobodyElsesBundles() throws Exception {
    BundleSigner ada = BundleSigner.make(Files.createDirectory(directory.resolve("ada")));
    node.configure(
        """
        node: { trust: [ %s ] }
        services:
          trusted: { bundle: %s }
        supervisor: { update_observation: 1s, start_timeout: 2m }
        """
            .formatted(ada.certificate(), ada.signed(target)));
    node.run();
    Await.until("the next one answers", BUSY, () -> node.tryExec("bh:ps").exitCode() == 0);
    awaitOnly("trusted", "1.0.0");

    Path unsigned = bundles.as(target, "5.0.0");
    assertThat(node.tryExec("bh:update trusted " + unsigned))
        .satisfies(
            refused -> {
              assertThat(refused.exitCode()).isEqualTo(1);
              assertThat(refused.stderr()).contains("is not signed").hasLineCount(1);
            });
    assertThat(node.exec("bh:update trusted " + ada.signed(unsigned)))
        .contains("from 1.0.0 to 5.0.0");
    assertThat(node.exec("bh:rollback trusted")).contains("from 5.0.0 to 1.0.0");

    Path folder = Files.createDirectories(node.home().resolve("deploy/trusted"));
    Files.copy(bundles.as(target, "6.0.0"), folder.resolve("unsigned.jar"));
    Await.until(
        "it was not taken",
        BUSY,
        () -> node.log().contains("unsigned.jar was not taken") && refusedLast("is not signed"));
    Files.copy(ada.signed(bundles.as(target, "7.0.0")), folder.resolve("signed.jar"));
    awaitOnly("trusted", "7.0.0");

    assertThat(node.launcher("check", "--config", "" + unsignedConfiguration(ada)).stderr())
        .contains("services.target.bundle", "is not signed");
    assertThat(node.stop()).isZero();
  }

  private static boolean refusedLast(String why) {
    JsonObject last = last(node.json("bh:history trusted"));
    return last.get("outcome").getAsString().equals("refused")
        && last.get("message").getAsString().contains(why);
  }

  private static Path unsignedConfiguration(BundleSigner trusted) throws Exception {
    return Files.writeString(
        directory.resolve("unsigned.yaml"),
        "node: { trust: [ %s ] }\nservices: { target: { bundle: %s } }\n"
            .formatted(trusted.certificate(), target));
  }
}
