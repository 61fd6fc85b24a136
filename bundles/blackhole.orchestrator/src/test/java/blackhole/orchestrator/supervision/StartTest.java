package blackhole.orchestrator.supervision;

import static blackhole.orchestrator.supervision.Configs.service;
import static blackhole.orchestrator.supervision.Rig.answer;
import static blackhole.orchestrator.supervision.Rig.isOpen;
import static blackhole.orchestrator.supervision.Rig.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.Failure;
import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.orchestrator.config.ServiceConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** How instances come up, or do not. */
class StartTest {
  @Test
  void anInstanceGetsReady() {
    Rig rig = new Rig(service("identity"));
    InstanceStatus before = rig.status("identity");
    assertThat(before.state()).isEqualTo(InstanceState.STOPPED);
    assertThat(before.health()).isEqualTo(InstanceHealth.DOWN);
    assertThat(before.pid()).isEmpty();

    CompletionStage<List<String>> start = rig.start("identity");
    assertThat(rig.status("identity").message()).isEqualTo("waits for its handshake");
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.STARTING);
    rig.advance(0.2);
    rig.driver.events().progress(new InstanceId("identity", 1), 1, "bundle installed");
    rig.advance(0.1);
    assertThat(rig.status("identity").message()).isEqualTo("bundle installed");
    rig.advance(0.1);

    assertThat(answer(start)).containsExactly("identity-1 is READY (pid 100, 0.40 s)");
    InstanceStatus status = rig.status("identity");
    assertThat(status.state()).isEqualTo(InstanceState.READY);
    assertThat(status.health()).isEqualTo(InstanceHealth.HEALTHY);
    assertThat(status.message()).isEmpty();
    assertThat(status.pid()).hasValue(100);
    assertThat(status.port()).hasValue(50001);
    assertThat(status.bundleVersion()).contains("1.0.0");
    assertThat(status.socket()).isEqualTo(Path.of("/home/run/identity-1.sock"));
    assertThat(status.restarts()).isZero();
    assertThat(status.lastExit()).isEmpty();
    rig.advance(2);
    assertThat(rig.status("identity").uptime()).contains(Duration.ofMillis(2400));
    assertThat(rig.journalLines())
        .containsExactly(
            "identity-1 STOPPED -> STARTING: start (alice)",
            "identity-1 STARTING -> READY: ready in 0.40 s (pid 100) (supervisor)");
  }

  @Test
  void detailsTellHowItIsRun() {
    Rig rig = new Rig(service("identity", "storage"), service("storage")).started();
    assertThat(rig.details("identity").dependsOn()).containsExactly("storage");
    assertThat(rig.details("identity").limits()).containsEntry("max_memory", "256MB");
    assertThat(rig.details("identity").jvmFlags()).containsExactly("-Xmx128m");
    assertThat(rig.details("identity").archive()).contains("archive in use");
    assertThat(rig.details("identity").failures()).isEmpty();
    assertThat(rig.engine.details(new InstanceId("identity", 2))).isEmpty();
  }

  @Test
  void startingTwiceStartsOneProcess() {
    Rig rig = new Rig(service("identity"));
    CompletionStage<List<String>> one = rig.start("identity");
    CompletionStage<List<String>> two = rig.start("identity");
    rig.advance(1);
    assertThat(answer(two)).isEqualTo(answer(one));
    assertThat(answer(rig.start("identity")))
        .containsExactly("identity-1 is READY (pid 100, 0.40 s)");
    assertThat(rig.driver.hosts).hasSize(1);
  }

  @Test
  void dependenciesAreReadyFirst() {
    Rig rig =
        new Rig(service("ledger", "identity"), service("identity", "storage"), service("storage"));
    rig.engine.startAll("node");
    rig.advance(0.1);
    assertThat(rig.status("ledger").state()).isEqualTo(InstanceState.STARTING);
    assertThat(rig.status("ledger").message()).isEqualTo("waits for identity");
    assertThat(rig.status("identity").message()).isEqualTo("waits for storage");
    rig.advance(5);
    assertThat(rig.driver.hosts)
        .extracting(host -> host.id.service())
        .containsExactly("storage", "identity", "ledger");
    assertThat(rig.driver.hosts.get(1).launched - rig.driver.hosts.get(0).launched)
        .isEqualTo(rig.driver.startTime.toNanos());
    assertThat(rig.status("ledger").health()).isEqualTo(InstanceHealth.HEALTHY);
  }

  @Test
  void oneReadyInstanceOfADependencyIsEnough() {
    Rig rig = new Rig(service("identity", "storage"), twoOf("storage"));
    rig.driver.behaviour.put(
        "storage",
        host -> {
          if (host.id.instance() == 1) {
            rig.driver.becomesReady(host);
          }
        });
    rig.engine.startAll("node");
    rig.advance(2);
    assertThat(rig.status("storage", 2).state()).isEqualTo(InstanceState.STARTING);
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.HEALTHY);
  }

  @Test
  void aLevelStartsTogetherButNotMoreThanTheMachineTakes() {
    Rig rig = new Rig(2, service("a"), service("b"), service("c"), service("d"), service("e"));
    rig.engine.startAll("node");
    rig.advance(0.1);
    assertThat(rig.driver.hosts).hasSize(2);
    assertThat(rig.status("e").message()).isEqualTo("waits until others have started");
    rig.advance(10);
    assertThat(rig.driver.hosts)
        .extracting(host -> host.id.service())
        .containsExactly("a", "b", "c", "d", "e");
    assertThat(rig.driver.mostStarting).isEqualTo(2);
  }

  @Test
  void withADependencyThatFailedItStartsDegraded() {
    Rig rig = new Rig(service("identity", "storage"), service("storage"));
    rig.driver.behaviour.put("storage", host -> host.exit(1));
    rig.engine.startAll("node");
    rig.advance(1);
    assertThat(rig.status("identity").message()).isEqualTo("waits for storage");
    rig.advance(60);
    assertThat(rig.status("storage").state()).isEqualTo(InstanceState.FAILED);
    InstanceStatus status = rig.status("identity");
    assertThat(status.state()).isEqualTo(InstanceState.READY);
    assertThat(status.health()).isEqualTo(InstanceHealth.DEGRADED);
    assertThat(status.message()).isEqualTo("depends on storage, which is FAILED");
  }

  @Test
  void withADependencyThatIsNotThereItStartsDegraded() {
    Rig rig =
        new Rig(
            service("identity", "storage", "gone"), service("storage", 1, false, Configs.RESTART));
    rig.start("identity");
    rig.advance(1);
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.DEGRADED);
    assertThat(rig.status("identity").message())
        .isEqualTo("depends on storage, which is STOPPED and gone, which is STOPPED");
  }

  @Test
  void aDependencyThatDiesDoesNotTakeOthersWithIt() {
    Rig rig = new Rig(service("identity", "storage"), service("storage")).started();
    rig.driver.behaviour.put("storage", host -> {});
    rig.host("storage").exit(137);
    rig.advance(1);
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.READY);
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.DEGRADED);
    assertThat(rig.status("identity").message()).isEqualTo("depends on storage, which is STARTING");
    rig.host("storage").ready();
    rig.time.settle();
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.HEALTHY);
    assertThat(rig.status("identity").restarts()).isZero();
    assertThat(rig.driver.hosts("identity")).hasSize(1);
  }

  @Test
  void oneThatNeverGetsReadyIsKilledAndNamed() {
    Rig rig = new Rig(service("identity"));
    rig.driver.behaviour.put(
        "identity",
        host -> {
          host.after(Duration.ofMillis(100), host::hello);
          host.after(
              Duration.ofMillis(200),
              () -> rig.driver.events().progress(host.id, host.generation, "bundle installed"));
        });
    CompletionStage<List<String>> start = rig.start("identity");
    rig.advance(29.9);
    assertThat(isOpen(start)).isTrue();
    rig.advance(0.2);
    assertThat(rig.driver.hosts.get(0).received).containsExactly("SIGKILL");
    assertThat(refusal(start))
        .isEqualTo(
            "identity-1 did not get READY: not ready within 30 s (last step: bundle installed);"
                + " it is started again at once");
    assertThat(rig.details("identity").failures())
        .first()
        .extracting(Failure::cause, Failure::lived)
        .containsExactly(
            "not ready within 30 s (last step: bundle installed)", Duration.ofSeconds(30));
  }

  @Test
  void aHostThatCannotStartTellsWhy() {
    Rig rig = new Rig(service("identity"));
    rig.driver.behaviour.put(
        "identity",
        host -> {
          host.hello();
          rig.driver.events().startFailed(host.id, host.generation, "bundle not found");
          host.after(Duration.ofMillis(10), () -> host.exit(1));
        });
    CompletionStage<List<String>> start = rig.start("identity");
    assertThat(rig.status("identity").message()).isEqualTo("could not start: bundle not found");
    rig.advance(0.1);
    assertThat(refusal(start)).contains("could not start: bundle not found");
    rig.advance(60);
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.FAILED);
    assertThat(rig.status("identity").message())
        .isEqualTo(
            "restarted 5 times within 10 min, which is as often as max_restarts allows;"
                + " the last time: could not start: bundle not found");
  }

  @Test
  void aHostThatCannotStartAndDoesNotExitIsKilled() {
    Rig rig = new Rig(service("identity"));
    rig.driver.behaviour.put(
        "identity",
        host -> rig.driver.events().startFailed(host.id, host.generation, "bundle not found"));
    rig.start("identity");
    rig.advance(4.9);
    assertThat(rig.driver.hosts.get(0).received).isEmpty();
    rig.advance(0.2);
    assertThat(rig.driver.hosts.get(0).received).containsExactly("SIGKILL");
    assertThat(rig.status("identity").lastExit()).contains("could not start: bundle not found");
  }

  @Test
  void aProcessThatCannotBeSpawnedCountsAndIsNamed() {
    Rig rig = new Rig(service("identity"), service("storage"));
    rig.driver.spawnProblem = Optional.of("cannot start java: too many open files");
    CompletionStage<List<String>> start = rig.start("identity");
    assertThat(refusal(start))
        .contains("its process could not be started: cannot start java: too many open files");
    rig.advance(60);
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.FAILED);
    assertThat(rig.details("identity").failures())
        .hasSize(6)
        .allSatisfy(
            failure -> {
              assertThat(failure.exitCode()).isEmpty();
              assertThat(failure.lived()).isZero();
              assertThat(failure.lastLogLines()).isEmpty();
            });
    rig.driver.spawnProblem = Optional.empty();
    CompletionStage<List<String>> again = rig.start("identity");
    rig.advance(1);
    assertThat(answer(again).get(0)).startsWith("identity-1 is READY");
  }

  @Test
  void startingAllAnswersForEach() {
    Rig rig = new Rig(service("storage"), service("identity"));
    rig.driver.behaviour.put("storage", host -> host.exit(1));
    CompletionStage<List<String>> all = rig.engine.startAll("node");
    rig.advance(1);
    assertThat(answer(all))
        .containsExactly(
            "storage-1 did not get READY: exited with code 1, before the handshake;"
                + " it is started again at once",
            "identity-1 is READY (pid 101, 0.40 s)");
  }

  @Test
  void whatIsNotThereIsRefusedWithWhatIs() {
    Rig rig = new Rig(twoOf("identity"), service("storage", 1, false, Configs.RESTART));
    assertThat(refusal(rig.start("identiy")))
        .isEqualTo("there is no service identiy; there is identity");
    assertThat(refusal(rig.start("storage")))
        .isEqualTo("service storage is not enabled in the configuration");
    CompletionStage<List<String>> third = rig.engine.stop("identity", OptionalInt.of(3), "alice");
    rig.time.settle();
    assertThat(refusal(third))
        .isEqualTo("there is no instance identity-3; there is identity-1 and identity-2");
  }

  @Test
  void oneInstanceOfSeveralIsStartedAlone() {
    Rig rig = new Rig(twoOf("identity"));
    CompletionStage<List<String>> start = rig.engine.start("identity", OptionalInt.of(2), "alice");
    rig.advance(1);
    assertThat(answer(start)).containsExactly("identity-2 is READY (pid 100, 0.40 s)");
    assertThat(rig.status("identity", 1).state()).isEqualTo(InstanceState.STOPPED);
  }

  private static ServiceConfig twoOf(String name) {
    return service(name, 2, true, Configs.RESTART);
  }
}
