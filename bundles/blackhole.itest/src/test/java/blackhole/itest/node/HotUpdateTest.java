package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.identity.v1.AuthRequest;
import blackhole.identity.v1.IdentityGrpc;
import blackhole.identity.v1.RegisterRequest;
import blackhole.identity.v1.ValidateTokenRequest;
import blackhole.itest.hot.v1.AskRequest;
import blackhole.itest.hot.v1.HotGrpc;
import blackhole.testkit.Await;
import blackhole.testkit.CommandResult;
import blackhole.testkit.TestNode;
import com.google.gson.JsonObject;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions of services that take each other's place on a real node, while they are called. */
class HotUpdateTest {
  private static final Map<String, String> ONE_WRITER =
      Map.of("Bundle-SymbolicName", "blackhole.itest.once", "Blackhole-Data", "single");

  /** More than a version may have files open that it opens when it needs them. */
  private static final int TURNS = 8;

  @TempDir private static Path directory;

  private static HotBundles bundles;
  private static Path first;
  private static Path once;
  private static String yaml;
  private static TestNode node;

  @BeforeAll
  static void start() {
    bundles = new HotBundles(directory);
    first = bundles.version("1.0.0");
    once = bundles.version("1.0.0", ONE_WRITER);
    yaml =
        """
        services:
          hot: { bundle: %s }
          once: { bundle: %s }
          loud: { bundle: %s }
          kept: { bundle: %s, instances: 2 }
          identity: {}
        supervisor: { update_observation: 300ms }
        """
            .formatted(first, once, first, first);
    node = TestNode.start(yaml);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void noCallFailsWhileVersionsTakeTurnsBesideEachOther() {
    takeTurns("hot", first, bundles.version("2.0.0"));
  }

  /** Its data is for one writer, so one stops before the other starts, and calls wait. */
  @Test
  void noCallFailsWhileVersionsTakeTurnsOneAfterTheOther() {
    takeTurns("once", once, bundles.version("2.0.0", ONE_WRITER));
  }

  private static void takeTurns(String service, Path one, Path two) {
    long pid = node.pid(service).orElseThrow();
    try (HotLoad load = new HotLoad(node.channel(service))) {
      load.awaitVersion("1.0.0");
      for (int turn = 0; turn < 2; turn++) {
        update(service, two, load);
        load.awaitVersion("2.0.0");
        update(service, one, load);
        load.awaitVersion("1.0.0");
      }
      assertThat(load.failures()).isEmpty();
      System.out.printf("%s: %d calls, none failed%n", service, load.calls());
    }
    assertThat(node.pid(service)).hasValue(pid);
    awaitVersion(service, 1, "1.0.0");
    assertThat(outcomes(service))
        .endsWith("replaced", "replaced", "replaced", "replaced", "current");
  }

  private static void update(String service, Path file, HotLoad load) {
    double unused = load.worstMillis();
    String said = node.exec("bh:update " + service + " " + file);
    System.out.printf(
        "%sthe longest call took %.1f ms%n",
        said.lines().reduce("", (before, line) -> line + "; "), load.worstMillis());
    assertThat(said).contains("updated from");
  }

  private static void awaitVersion(String service, int instance, String version) {
    Await.until(
        service + "-" + instance + " has " + version,
        TestNode.PATIENCE,
        () -> node.status(service, instance).get("bundle_version").getAsString().equals(version));
  }

  private static List<String> outcomes(String service) {
    List<String> outcomes = new ArrayList<>();
    node.json("bh:history " + service)
        .forEach(row -> outcomes.add(row.getAsJsonObject().get("outcome").getAsString()));
    return outcomes;
  }

  /** A service with a store, of which each call is a change or stands on one. */
  @Test
  void identityIsUpdatedWhileUsersRegister() throws Exception {
    Path next = bundles.carried(node.home(), "blackhole.identity", "0.1.1");
    String before = node.status("identity").get("bundle_version").getAsString();
    ManagedChannel channel = node.channel("identity");
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger calls = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      CompletableFuture<Void> registering =
          CompletableFuture.runAsync(() -> register(channel, over, calls), threads);
      CompletableFuture<Void> validating =
          CompletableFuture.runAsync(() -> validate(channel, over, calls), threads);
      awaitCalls(calls, registering, validating);

      for (String version : List.of("0.1.1", before)) {
        updateIdentity(version, before, next);
        awaitCalls(calls, registering, validating);
      }

      over.set(true);
      assertThat(registering).succeedsWithin(TestNode.PATIENCE);
      assertThat(validating).succeedsWithin(TestNode.PATIENCE);
    } finally {
      over.set(true);
      threads.shutdown();
    }
    assertThat(outcomes("identity")).containsExactly("replaced", "replaced", "current");
    eachVersionClosesItsStore(before, next);
  }

  private static void updateIdentity(String version, String before, Path next) {
    String line =
        version.equals(before) ? "rollback identity --builtin" : "update identity " + next;
    assertThat(node.exec("bh:" + line)).contains("to " + version);
    awaitVersion("identity", 1, version);
  }

  /**
   * Nobody calls: so what is open is what a version opens at its start, however many there were.
   */
  private static void eachVersionClosesItsStore(String before, Path next) throws Exception {
    long pid = node.pid("identity").orElseThrow();
    updateIdentity("0.1.1", before, next);
    int open = openInItsData(pid);
    assertThat(open).isPositive();
    for (int turn = 0; turn < TURNS; turn++) {
      updateIdentity(turn % 2 == 0 ? before : "0.1.1", before, next);
    }
    // one that stayed open would be a file more each time, at least
    assertThat(openInItsData(pid)).isLessThan(open + TURNS);
    assertThat(node.pid("identity")).hasValue(pid);
    Users.register(node.channel("identity"), "last");
  }

  private static int openInItsData(long pid) throws IOException {
    Path data = node.home().resolve("data/identity").toRealPath();
    int open = 0;
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (Path file : files) {
        open += target(file).filter(target -> target.startsWith(data)).isPresent() ? 1 : 0;
      }
    }
    return open;
  }

  private static Optional<Path> target(Path link) throws IOException {
    try {
      return Optional.of(Files.readSymbolicLink(link));
    } catch (NoSuchFileException e) {
      return Optional.empty(); // it was closed meanwhile
    }
  }

  private static void awaitCalls(AtomicInteger calls, CompletableFuture<?>... callers) {
    int before = calls.get();
    Await.until(
        "calls go on",
        TestNode.PATIENCE,
        () ->
            calls.get() > before + 20
                || Arrays.stream(callers).anyMatch(CompletableFuture::isDone));
  }

  private static IdentityGrpc.IdentityBlockingStub identity(ManagedChannel channel) {
    return IdentityGrpc.newBlockingStub(channel)
        .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static void register(ManagedChannel channel, AtomicBoolean over, AtomicInteger calls) {
    for (int i = 0; !over.get(); i++) {
      var registered =
          identity(channel)
              .register(
                  RegisterRequest.newBuilder()
                      .setUsername("user-" + i)
                      .setPassword("Lovelace 1815")
                      .build());
      assertThat(registered.getUserId()).isNotEmpty();
      calls.incrementAndGet();
    }
  }

  private static void validate(ManagedChannel channel, AtomicBoolean over, AtomicInteger calls) {
    var unused =
        identity(channel)
            .register(
                RegisterRequest.newBuilder()
                    .setUsername("ada")
                    .setPassword("Lovelace 1815")
                    .build());
    String token =
        identity(channel)
            .authenticate(
                AuthRequest.newBuilder().setUsername("ada").setPassword("Lovelace 1815").build())
            .getToken();
    while (!over.get()) {
      var user =
          identity(channel)
              .validateToken(ValidateTokenRequest.newBuilder().setToken(token).build());
      assertThat(user.getUserId()).isNotEmpty();
      calls.incrementAndGet();
    }
  }

  /** What an operator may give by mistake, or an author may have done wrong. */
  @Test
  void theVersionThatWasThereServesOnWhenTheOtherIsBad() throws Exception {
    long pid = node.pid("hot").orElseThrow();
    String version = node.status("hot").get("bundle_version").getAsString();
    Path good = bundles.version("3.0.0");
    byte[] whole = Files.readAllBytes(good);
    try (HotLoad load = new HotLoad(node.channel("hot"))) {
      load.awaitVersion(version);
      refused("nowhere/none.jar", "none.jar does not exist");
      refused("" + directory, "is not a file");
      refused("https://example.org/hot.jar", "is a URL");
      refused("" + Files.writeString(directory.resolve("text.jar"), "text"), "is not a jar");
      refused(
          "" + Files.write(directory.resolve("cut.jar"), Arrays.copyOf(whole, whole.length - 99)),
          "is a damaged jar");
      refused("" + bundles.version("3.0.0", ONE_WRITER), "it is bundle blackhole.itest.once");
      refused(
          "" + bundles.with(good, "Export-Package", "java.lang"), "it exports java.lang, which is");
      refused("" + bundles.version("0.9.0"), "--allow-older");
      refused(
          "" + bundles.version(version, Map.of("Other", "bytes")), version + " with other bytes");
      refused(
          "" + bundles.version("3.0.0", Map.of("Import-Package", "no.such.place, *")),
          "exports package no.such.place");
      refused("" + bundles.faulty("3.0.1", "activation"), "this version does not like it here");
      refused("" + bundles.faulty("3.0.2", "unhealthy"), "this version feels bad");
      refused(
          ""
              + bundles.version(
                  "3.0.3", Map.of("-dsannotations", "blackhole.itest.hot.LessService")),
          "it lacks blackhole.itest.hot.v1.Hot/Follow");
      oneThatNeverGetsReady();
      load.awaitVersion(version);
      assertThat(load.failures()).isEmpty();
    }
    assertThat(node.pid("hot")).hasValue(pid);
    awaitVersion("hot", 1, version);
    assertThat(outcomes("hot")).contains("refused", "rolled-back");
    assertThat(node.exec("bh:journal hot")).contains("stays at " + version);
  }

  /** Nothing else starts meanwhile, so nobody else minds how short that time is. */
  private static void oneThatNeverGetsReady() {
    Path waiting =
        bundles.version("3.0.4", Map.of("-dsannotations", "blackhole.itest.hot.WaitingService"));
    node.configure(yaml.replace("300ms", "300ms, start_timeout: 2s"));
    assertThat(node.exec("bh:reload")).contains("start_timeout");
    refused("" + waiting, "3.0.4 was not ready within 2000 ms (component ");
    node.configure(yaml);
    assertThat(node.exec("bh:reload")).contains("start_timeout");
  }

  private static void refused(String file, String why) {
    CommandResult result = node.tryExec("bh:update hot " + file);
    assertThat(result.exitCode()).as(why).isEqualTo(1);
    assertThat(result.stderr().lines()).hasSize(1);
    assertThat(result.stderr()).contains(why);
  }

  @Test
  void aVersionThatEndsTheProcessIsNotTheOneThatIsStartedNext() {
    Path deadly =
        bundles.version(
            "4.0.0",
            Map.of(
                "Bundle-SymbolicName",
                "blackhole.itest.once",
                "Blackhole-Data",
                "single",
                "Hot-Fault",
                "exit"));
    CommandResult result = node.tryExec("bh:update once " + deadly);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stderr()).contains("once-1");
    node.awaitReady();
    awaitVersion("once", 1, "1.0.0");
    assertThat(
            HotGrpc.newBlockingStub(node.channel("once"))
                .withWaitForReady()
                .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .ask(AskRequest.getDefaultInstance())
                .getVersion())
        .isEqualTo("1.0.0");
  }

  /** What is the process's own is beyond an update, in both directions, and harms none. */
  @Test
  void aVersionThatTakesTheOutputsOfItsProcessAndHooksItsEndCanBeLeftAgain() {
    long pid = node.pid("loud").orElseThrow();
    assertThat(node.exec("bh:update loud " + bundles.faulty("2.0.0", "output")))
        .contains("updated from 1.0.0 to 2.0.0");
    assertThat(node.exec("bh:in loud 'lb -s'")).contains("blackhole.itest.hot");
    assertThat(node.exec("bh:rollback loud")).contains("from 2.0.0 to 1.0.0");
    assertThat(node.exec("bh:in loud 'lb -s'")).contains("blackhole.itest.hot");
    assertThat(node.exec("bh:logs loud -n 1000")).contains("1.0.0 serves");
    assertThat(node.pid("loud")).hasValue(pid);
    // that it ends in order, and leaves nothing, is seen when the node stops
  }

  /** As their manifests say of them; whoever says nothing can read anything. */
  @Test
  void aVersionWithoutAWayBackIsForWhoSaysSo() throws Exception {
    Path one = bundles.version("1.1.0", Map.of("Blackhole-Data-Writes", "1"));
    Path two =
        bundles.version(
            "1.2.0", Map.of("Blackhole-Data-Writes", "2", "Blackhole-Data-Reads", "1,2"));
    assertThat(node.exec("bh:update loud " + one)).contains("to 1.1.0");
    assertThat(node.tryExec("bh:update loud " + two).stderr())
        .contains("data of format 2, not of 1", "--no-rollback")
        .hasLineCount(1);
    awaitVersion("loud", 1, "1.1.0");
    assertThat(node.exec("bh:update --no-rollback loud " + two)).contains("to 1.2.0");
    assertThat(node.tryExec("bh:rollback loud").stderr())
        .contains("there is no way back")
        .hasLineCount(1);
    assertThat(node.exec("bh:rollback loud --builtin")).contains("to 1.0.0");
  }

  /** Both instances, and the next orchestrator; then the way back, twice. */
  @Test
  void anInstalledVersionStaysInForceOverARestart() {
    node.exec("bh:update kept " + bundles.version("2.0.0"));
    awaitVersion("kept", 1, "2.0.0");
    awaitVersion("kept", 2, "2.0.0");

    node.stop();
    node.run();
    node.awaitReady();

    awaitVersion("kept", 1, "2.0.0");
    awaitVersion("kept", 2, "2.0.0");
    assertThat(node.exec("bh:rollback kept")).contains("from 2.0.0 to 1.0.0");
    awaitVersion("kept", 2, "1.0.0");
    assertThat(node.exec("bh:rollback kept")).contains("from 1.0.0 to 2.0.0");
    JsonObject last =
        node.json("bh:history kept").get(node.json("bh:history kept").size() - 1).getAsJsonObject();
    assertThat(last.get("outcome").getAsString()).isEqualTo("current");
    assertThat(last.get("by").getAsString()).isEqualTo("shell");
    assertThat(last.get("mode").getAsString()).isEqualTo("in-place");
  }
}
