package blackhole.itest.node;

import static blackhole.itest.node.CallBundles.request;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.itest.calls.v1.CallRequest;
import blackhole.itest.calls.v1.CallResponse;
import blackhole.itest.calls.v1.DriverGrpc;
import blackhole.itest.calls.v1.Kind;
import blackhole.testkit.Await;
import blackhole.testkit.CommandResult;
import blackhole.testkit.TestNode;
import com.google.gson.JsonObject;
import io.grpc.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a node that loses its orchestrator, or its guardian and so both. */
class OrchestratorDeathTest {
  private static final List<String> SERVICES = List.of("identity", "storage", "target", "driver");

  /** Hosts never end by themselves here, however slow the machine is. */
  private static final String CALLING =
      """
      supervisor: { stale_process_timeout: 20m, start_timeout: 5m }
      services:
        identity: { resource_limits: { max_cpu: 1.5, max_file_desc: 3000 } }
        storage: { depends_on: [identity] }
        target: { bundle: %s }
        driver: { bundle: %s }
      """;

  /** A host that is halted is given all the time of the test to come back. */
  private static final String PATIENT =
      """
      supervisor: { stale_process_timeout: 20m, start_timeout: 20m, liveness_failures: 100 }
      services:
        identity: {}
      """;

  /** Long enough for a host on a slow machine to find its orchestrator when it starts. */
  private static final String IMPATIENT =
      "supervisor: { stale_process_timeout: 15s }\nservices:\n  identity: {}\n";

  private static final Duration BUSY = Duration.ofMinutes(4);

  @TempDir private Path bundles;

  @Test
  void noCallFailsAndTheNextOneTakesTheHostsOver() throws Exception {
    String yaml = CALLING.formatted(CallBundles.target(bundles), CallBundles.driver(bundles));
    try (TestNode node = TestNode.start(yaml)) {
      Users.register(node.channel("identity"), "alice");
      node.awaitTrained();
      List<Long> pids = pids(node);
      List<JsonObject> limits = limits(node);
      try (SteadyCalls calls = new SteadyCalls()) {
        flow(node, calls);
        aKilledOrchestratorIsReplacedByTheGuardian(node, pids);
        whatIsKilledWithItsGuardianIsReplacedByTheNextRun(node, pids);
        calls.assertNoneFailed();
      }
      Await.until("the same is limited", TestNode.PATIENCE, () -> limits(node).equals(limits));
      theEndOfAnAdoptedHostIsNoticed(node);
      assertThat(node.stop()).isZero();
      assertThat(node.leftBehind()).isEmpty();
      assertThat(files(node.home().resolve("state/hosts"))).isEmpty();
    }
  }

  /** From service to service, and from outside; also such as must not be repeated. */
  private static void flow(TestNode node, SteadyCalls calls) {
    String cid = CallBundles.driverOf(node).call("storage", Kind.STORAGE_PUT, "kept").getAnswer();
    Channel driver = node.channel("driver");
    Channel identity = node.channel("identity");
    AtomicInteger ids = new AtomicInteger();
    calls.keep("idempotent", () -> call(driver, request("storage", Kind.STORAGE_STAT, cid)));
    calls.keep("reading", () -> call(driver, request("target", Kind.READ, "")));
    calls.keep(
        "appending",
        () -> call(driver, request("target", Kind.APPEND, "" + ids.incrementAndGet())));
    calls.keep("outside", () -> assertThat(Users.authenticate(identity, "alice")).isNotEmpty());
  }

  private static void call(Channel driver, CallRequest request) {
    CallResponse response =
        DriverGrpc.newBlockingStub(driver)
            .withDeadlineAfter(TestNode.PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .call(request);
    assertThat(response.getCode()).as(response.getMessage()).isEqualTo("OK");
  }

  /** A node that starts on a busy machine, beside hosts that are called, takes its time. */
  private static void awaitNext(TestNode node) {
    Await.until("the next orchestrator answers", BUSY, () -> node.tryExec("bh:ps").exitCode() == 0);
    node.awaitReady();
  }

  private static void aKilledOrchestratorIsReplacedByTheGuardian(TestNode node, List<Long> pids) {
    long orchestrator = node.orchestrator();

    Processes.kill(orchestrator);
    awaitNext(node);

    assertThat(node.orchestrator()).isNotEqualTo(orchestrator);
    assertThat(pids(node)).isEqualTo(pids);
    assertThat(node.status("identity").get("restarts").getAsInt()).isZero();
    assertThat(node.printed())
        .contains("the orchestrator was killed", "starting it again")
        .contains("adopts 4 hosts of an earlier orchestrator");
    assertThat(node.log())
        .contains("identity-1 STARTING -> READY: adopted (pid " + pids.get(0) + ")");
  }

  private static void whatIsKilledWithItsGuardianIsReplacedByTheNextRun(
      TestNode node, List<Long> pids) {
    long orchestrator = node.orchestrator();

    Processes.kill(node.process().pid());
    Processes.awaitGone(orchestrator);
    assertThat(pids).allMatch(Processes::lives);
    assertThat(node.launcher("exec", "bh:ps").exitCode()).isEqualTo(3);

    node.run();
    awaitNext(node);
    assertThat(pids(node)).isEqualTo(pids);
  }

  private static void theEndOfAnAdoptedHostIsNoticed(TestNode node) {
    long host = node.kill("identity");
    node.awaitReplaced("identity", host, TestNode.PATIENCE);
    assertThat(node.lastCause("identity")).isEqualTo("ended; its exit code is unknown (adopted)");
    assertThat(node.status("identity").get("restarts").getAsInt()).isEqualTo(1);
    assertThat(Users.authenticate(node.channel("identity"), "alice")).isNotEmpty();
  }

  private static List<Long> pids(TestNode node) {
    return SERVICES.stream().map(service -> node.pid(service).orElseThrow()).toList();
  }

  private static List<JsonObject> limits(TestNode node) {
    List<JsonObject> limits = new ArrayList<>();
    node.json("bh:limits identity").forEach(row -> limits.add(row.getAsJsonObject()));
    return limits;
  }

  @Test
  void aHaltedHostIsWaitedForAndNoStrangerIsTouched() throws Exception {
    try (TestNode node = TestNode.start(PATIENT)) {
      node.awaitTrained();
      long halted = node.pid("identity").orElseThrow();
      Processes.kill(node.process().pid());
      Await.until(
          "only the host is left",
          TestNode.PATIENCE,
          () -> node.processes().stream().map(ProcessHandle::pid).toList().equals(List.of(halted)));
      TestNode.signal(halted, "STOP");
      Process stranger = new ProcessBuilder("sleep", "1000").start();
      try {
        claim(node, stranger.pid());

        node.run();
        Await.until(
            "the host is being adopted",
            BUSY,
            () -> node.status("identity").get("message").getAsString().startsWith("adopting"));
        assertThat(node.state("identity")).isEqualTo("STARTING");
        TestNode.signal(halted, "CONT");
        awaitNext(node);

        assertThat(node.pid("identity")).hasValue(halted);
        assertThat(stranger.isAlive()).isTrue();
        Await.until("its record is gone", TestNode.PATIENCE, () -> records(node).size() == 1);
      } finally {
        stranger.destroyForcibly();
      }
      theOrchestratorLeavesAndTheNextRunComes(node, halted);
      whatWasStoppedStaysSo(node);
      assertThat(node.stop()).isZero();
      assertThat(node.leftBehind()).isEmpty();
    }
  }

  private static void theOrchestratorLeavesAndTheNextRunComes(TestNode node, long host) {
    CommandResult left = node.launcher("stop", "--keep-hosts");
    assertThat(left.stderr()).contains("the hosts stay");
    assertThat(left.exitCode()).isZero();
    assertThat(node.awaitExit()).isZero();
    assertThat(node.processes()).extracting(ProcessHandle::pid).containsExactly(host);

    node.run();
    awaitNext(node);
    assertThat(node.pid("identity")).hasValue(host);
  }

  private static void whatWasStoppedStaysSo(TestNode node) {
    node.exec("bh:stop identity");
    Path known = node.home().resolve("state/instances.properties");
    Await.until(
        "that is written down",
        TestNode.PATIENCE,
        () -> Files.readString(known).contains("identity.1.stopped"));
    Processes.kill(node.orchestrator());
    Await.until("it is known to be stopped", BUSY, () -> node.state("identity").equals("STOPPED"));
    assertThat(node.status("identity").get("message").getAsString())
        .isEqualTo("stopped, as shell asked");
    node.startService("identity");
  }

  /** A record as if this process had the number of a host of ours that died. */
  private static void claim(TestNode node, long pid) throws IOException {
    Path record = records(node).get(0);
    String forged =
        Files.readString(record)
            .replaceFirst("(?m)^pid=.*$", "pid=" + pid)
            .replaceFirst("(?m)^host_id=.*$", "host_id=identity-1-before-1");
    Files.writeString(record.resolveSibling("identity-1-before-1.host"), forged);
  }

  private static List<Path> records(TestNode node) throws IOException {
    return files(node.home().resolve("state/hosts")).stream()
        .filter(file -> file.toString().endsWith(".host"))
        .toList();
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  @Test
  void aHostWhoseOrchestratorStaysAwayExitsAndLeavesNothing() throws Exception {
    try (TestNode node = TestNode.start(IMPATIENT)) {
      node.awaitTrained();
      long host = node.pid("identity").orElseThrow();

      Processes.kill(node.process().pid());
      Processes.awaitGone(host);

      Await.until("nothing runs", TestNode.PATIENCE, () -> node.processes().isEmpty());
      assertThat(files(node.home().resolve("run")))
          .noneMatch(file -> file.getFileName().toString().startsWith("identity"));
      assertThat(Files.readString(node.home().resolve("log/identity-1.log")))
          .contains("draining: no orchestrator for 15 s");

      // what the two that were killed left does not block the next
      node.configure(IMPATIENT.replace("15s", "10m, on_orchestrator_loss: stop"));
      forgetArchives(node);
      node.run();
      awaitNext(node);
      long training = haltedTraining(node);
      hostsMayEndWithTheirOrchestrator(node);
      theTrainingOfOneThatIsGoneIsEndedAndAnotherMakesTheArchive(node, training);
      assertThat(node.stop()).isZero();
      assertThat(node.leftBehind()).isEmpty();
    }
  }

  /** Makes a class-data archive, and stands still, so it is under way whatever else happens. */
  private static long haltedTraining(TestNode node) throws Exception {
    for (int attempt = 0; attempt < 10; attempt++) {
      Await.until(
          "an archive is being made, or was",
          BUSY,
          () -> training(node).isPresent() || !archives(node).isEmpty());
      OptionalLong pid = training(node);
      if (pid.isPresent() && halt(pid.getAsLong())) {
        return pid.getAsLong();
      }
      // it was too fast: the next orchestrator trains again
      forgetArchives(node);
      Processes.kill(node.orchestrator());
      awaitNext(node);
    }
    throw new AssertionError("every training was over before it was seen");
  }

  private static OptionalLong training(TestNode node) throws IOException {
    for (Path record : records(node)) {
      if (record.getFileName().toString().startsWith("training-")) {
        return pid(record);
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong pid(Path record) throws IOException {
    try {
      return Files.readAllLines(record).stream()
          .filter(line -> line.startsWith("pid="))
          .mapToLong(line -> Long.parseLong(line.substring("pid=".length())))
          .findFirst();
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  private static boolean halt(long pid) throws Exception {
    Process halting = new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start();
    return halting.waitFor() == 0 && Processes.lives(pid);
  }

  private static List<Path> archives(TestNode node) throws IOException {
    return files(node.home().resolve("cache")).stream()
        .filter(file -> file.toString().endsWith(".jsa") || file.toString().endsWith(".aot"))
        .toList();
  }

  private static void forgetArchives(TestNode node) throws IOException {
    for (Path archive : archives(node)) {
      Files.delete(archive);
    }
  }

  private static void theTrainingOfOneThatIsGoneIsEndedAndAnotherMakesTheArchive(
      TestNode node, long training) {
    Processes.awaitGone(training);
    Await.until("the archive is made", BUSY, () -> !archives(node).isEmpty());
    Await.until("no training is known", TestNode.PATIENCE, () -> training(node).isEmpty());
    for (String folder : List.of("cache", "run")) {
      Await.until(
          "nothing is left of them in " + folder,
          TestNode.PATIENCE,
          () ->
              files(node.home().resolve(folder)).stream()
                  .noneMatch(file -> file.getFileName().toString().startsWith("training-")));
    }
  }

  private static void hostsMayEndWithTheirOrchestrator(TestNode node) {
    long host = node.pid("identity").orElseThrow();
    Processes.kill(node.orchestrator());
    awaitNext(node);
    assertThat(node.pid("identity").orElseThrow()).isNotEqualTo(host);
    Processes.awaitGone(host);
  }
}
