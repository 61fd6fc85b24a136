package blackhole.orchestrator.supervision;

import static blackhole.orchestrator.supervision.Configs.service;
import static blackhole.orchestrator.supervision.Rig.answer;
import static blackhole.orchestrator.supervision.Rig.isOpen;
import static blackhole.orchestrator.supervision.Rig.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceState;
import blackhole.orchestrator.config.ServiceConfig;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** How instances are stopped and restarted, and what happens when commands meet. */
class StopTest {
  @Test
  void aStopDrains() {
    Rig rig = new Rig(service("identity")).started();
    CompletionStage<List<String>> stop = rig.stop("identity");
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.DRAINING);
    assertThat(rig.status("identity").message()).isEqualTo("stops, as alice asked");
    rig.advance(1);
    assertThat(answer(stop))
        .containsExactly("identity-1 is STOPPED (0.10 s): stopped, as alice asked");
    assertThat(rig.host("identity").received).containsExactly("drain 24 s");
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.STOPPED);
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.DOWN);
    assertThat(rig.status("identity").pid()).isEmpty();
    assertThat(rig.status("identity").lastExit()).contains("stopped, as alice asked");
    assertThat(rig.details("identity").failures()).as("it was asked for").isEmpty();
    rig.advance(1000);
    assertThat(rig.driver.hosts).hasSize(1);
  }

  @Test
  void stoppingWhatIsStoppedDoesNothing() {
    Rig rig = new Rig(service("identity"));
    assertThat(answer(rig.stop("identity")))
        .containsExactly("identity-1 is STOPPED: not started yet");
    assertThat(rig.journal).isEmpty();
  }

  @Test
  void oneThatDoesNotListenIsMadeToGo() {
    Rig rig = new Rig(service("identity")).started();
    FakeHost host = rig.host("identity");
    host.obeysDrain = false;
    host.obeysTerm = false;
    CompletionStage<List<String>> stop = rig.stop("identity");
    rig.advance(23.9);
    assertThat(host.received).containsExactly("drain 24 s");
    rig.advance(0.2);
    assertThat(host.received).containsExactly("drain 24 s", "SIGTERM");
    assertThat(rig.status("identity").message())
        .isEqualTo("stops, as alice asked; ended by SIGTERM");
    rig.advance(5.8);
    assertThat(isOpen(stop)).isTrue();
    rig.advance(0.2);
    assertThat(host.received).containsExactly("drain 24 s", "SIGTERM", "SIGKILL");
    assertThat(answer(stop))
        .containsExactly("identity-1 is STOPPED (30.00 s): stopped, as alice asked (by SIGKILL)");
    assertThat(rig.journalLines())
        .contains(
            "identity-1 DRAINING: has not drained within 24 s: SIGTERM (supervisor)",
            "identity-1 DRAINING: has not ended within 6 s of SIGTERM: SIGKILL (supervisor)");
  }

  @Test
  void askingAgainAndAgainPostponesNothing() {
    Rig rig = new Rig(service("identity")).started();
    FakeHost host = rig.host("identity");
    host.obeysDrain = false;
    CompletionStage<List<String>> first = rig.stop("identity");
    for (int i = 0; i < 4; i++) {
      rig.advance(6.1);
      rig.engine.stop("identity", OptionalInt.empty(), "bob");
    }
    rig.time.settle();
    assertThat(host.received).containsExactly("drain 24 s", "SIGTERM");
    assertThat(answer(first)).hasSize(1);
  }

  @Test
  void aKillThatDoesNotWorkIsTriedAgain() {
    Rig rig = new Rig(service("identity")).started();
    FakeHost host = rig.host("identity");
    host.obeysDrain = false;
    host.obeysTerm = false;
    host.obeysKill = false;
    rig.stop("identity");
    rig.advance(41);
    assertThat(host.received)
        .containsExactly("drain 24 s", "SIGTERM", "SIGKILL", "SIGKILL", "SIGKILL");
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.DRAINING);
  }

  @Test
  void withoutAControlStreamItIsTerminatedAtOnce() {
    Rig rig = new Rig(service("identity")).started();
    rig.host("identity").connected = false;
    CompletionStage<List<String>> stop = rig.stop("identity");
    assertThat(rig.host("identity").received).containsExactly("SIGTERM");
    assertThat(answer(stop))
        .containsExactly("identity-1 is STOPPED: stopped, as alice asked (by SIGTERM)");
  }

  @Test
  void dependentsStayUp() {
    Rig rig = new Rig(service("storage"), service("identity", "storage")).started();
    rig.stop("storage");
    rig.advance(1);
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.READY);
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.DEGRADED);
    assertThat(rig.status("identity").message()).isEqualTo("depends on storage, which is STOPPED");
  }

  @Test
  void stopWhileItWaitsForAnother() {
    Rig rig = new Rig(service("storage"), service("identity", "storage"));
    rig.driver.behaviour.put("storage", host -> {});
    rig.start("storage");
    CompletionStage<List<String>> start = rig.start("identity");
    CompletionStage<List<String>> stop = rig.stop("identity");
    assertThat(answer(stop))
        .containsExactly(
            "identity-1 is STOPPED: stopped, as alice asked, before its process was started");
    assertThat(refusal(start)).startsWith("identity-1 is STOPPED");
    rig.host("storage").ready();
    rig.advance(10);
    assertThat(rig.driver.hosts("identity")).isEmpty();
  }

  @Test
  void aCommandAtTheMomentInWhichItsDependencyGetsReady() {
    Rig rig = new Rig(service("storage"), service("identity", "storage"));
    rig.driver.behaviour.put("storage", host -> {});
    rig.start("storage");
    rig.start("identity");
    rig.host("storage").ready();
    CompletionStage<List<String>> start = rig.engine.start("identity", OptionalInt.empty(), "bob");
    rig.advance(1);
    assertThat(answer(start).get(0)).startsWith("identity-1 is READY");
  }

  @Test
  void stopWhileItsProcessIsBeingSpawned() {
    Rig rig = new Rig(service("identity"));
    rig.driver.spawnTime = Duration.ofSeconds(1);
    CompletionStage<List<String>> start = rig.start("identity");
    rig.advance(0.1);
    CompletionStage<List<String>> stop = rig.stop("identity");
    assertThat(isOpen(stop)).isTrue();
    rig.advance(1);
    assertThat(rig.host("identity").received).contains("SIGKILL");
    assertThat(rig.driver.living()).isEmpty();
    assertThat(answer(stop).get(0)).startsWith("identity-1 is STOPPED");
    assertThat(refusal(start)).startsWith("identity-1 is STOPPED: stopped, as alice asked");
    assertThat(rig.details("identity").failures()).isEmpty();
  }

  @Test
  void stopBeforeTheHandshakeTerminates() {
    Rig rig = new Rig(service("identity"));
    rig.driver.behaviour.put("identity", host -> {});
    rig.start("identity");
    rig.advance(1);
    rig.stop("identity");
    assertThat(rig.host("identity").received).containsExactly("SIGTERM");
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.STOPPED);
  }

  @Test
  void startDuringAStopIsDoneAfterIt() {
    Rig rig = new Rig(service("identity")).started();
    CompletionStage<List<String>> stop = rig.stop("identity");
    CompletionStage<List<String>> start = rig.engine.start("identity", OptionalInt.empty(), "bob");
    rig.time.settle();
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.DRAINING);
    rig.advance(0.2);
    assertThat(answer(stop))
        .containsExactly("identity-1 was stopped, and is started again, as was asked meanwhile");
    rig.advance(1);
    assertThat(answer(start)).containsExactly("identity-1 is READY (pid 101, 0.40 s)");
    assertThat(rig.journalLines())
        .contains("identity-1 DRAINING: bob asked for a start after this (bob)");
    assertThat(rig.status("identity").restarts()).as("somebody asked").isZero();
  }

  @Test
  void stopDuringARestartWins() {
    Rig rig = new Rig(service("identity")).started();
    CompletionStage<List<String>> restart = rig.restart("identity");
    CompletionStage<List<String>> stop = rig.stop("identity");
    rig.advance(5);
    assertThat(answer(stop).get(0)).startsWith("identity-1 is STOPPED");
    assertThat(refusal(restart)).startsWith("identity-1 is STOPPED");
    assertThat(rig.driver.living()).isEmpty();
  }

  @Test
  void stopDuringTheRestartDelay() {
    Rig rig = new Rig(service("identity"));
    rig.driver.behaviour.put("identity", host -> host.exit(1));
    rig.start("identity");
    rig.advance(0.5);
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.BACKOFF);
    assertThat(answer(rig.stop("identity")))
        .containsExactly(
            "identity-1 is STOPPED: stopped, as alice asked, before it was started again");
    int before = rig.driver.hosts.size();
    rig.advance(100);
    assertThat(rig.driver.hosts).hasSize(before);
  }

  @Test
  void restartDuringTheRestartDelay() {
    Rig rig = new Rig(service("identity"));
    rig.driver.behaviour.put("identity", host -> host.exit(1));
    rig.start("identity");
    rig.advance(0.5);
    rig.driver.behaviour.clear();
    CompletionStage<List<String>> restart = rig.restart("identity");
    rig.advance(0.5);
    assertThat(answer(restart).get(0)).startsWith("identity-1 is READY");
    rig.advance(100);
    assertThat(rig.driver.hosts).as("the delay that was running is forgotten").hasSize(3);
  }

  @Test
  void aRestartIsANewProcess() {
    Rig rig = new Rig(service("identity")).started();
    CompletionStage<List<String>> restart = rig.restart("identity");
    assertThat(rig.status("identity").message()).isEqualTo("restarts, as alice asked");
    rig.advance(1);
    assertThat(answer(restart)).containsExactly("identity-1 is READY (pid 101, 0.40 s)");
    assertThat(rig.status("identity").restarts()).isZero();
    assertThat(rig.details("identity").failures()).isEmpty();
  }

  @Test
  void twoOperatorsWhoRestartAreBothAnsweredByOneRestart() {
    Rig rig = new Rig(service("identity")).started();
    CompletionStage<List<String>> alice = rig.restart("identity");
    CompletionStage<List<String>> bob = rig.engine.restart("identity", OptionalInt.empty(), "bob");
    rig.advance(1);
    assertThat(answer(alice)).isEqualTo(answer(bob));
    assertThat(rig.driver.hosts).hasSize(2);
  }

  @Test
  void severalInstancesRestartOneAfterTheOther() {
    Rig rig = new Rig(threeOf("identity")).started();
    CompletionStage<List<String>> restart = rig.restart("identity");
    for (int i = 0; i < 30; i++) {
      rig.advance(0.05);
      assertThat(rig.engine.instances())
          .filteredOn(one -> one.state() == InstanceState.READY)
          .hasSizeGreaterThanOrEqualTo(2);
    }
    rig.advance(1);
    assertThat(answer(restart))
        .containsExactly(
            "identity-1 is READY (pid 103, 0.40 s)",
            "identity-2 is READY (pid 104, 0.40 s)",
            "identity-3 is READY (pid 105, 0.40 s)");
  }

  @Test
  void aRestartThatGoesWrongLeavesTheOthersAlone() {
    Rig rig = new Rig(threeOf("identity")).started();
    rig.driver.behaviour.put(
        "identity", host -> host.after(Duration.ofMillis(10), () -> host.exit(1)));
    CompletionStage<List<String>> restart = rig.restart("identity");
    rig.advance(1);
    assertThat(refusal(restart))
        .startsWith("identity-1 did not get READY: exited with code 1, before the handshake");
    assertThat(rig.status("identity", 2).state()).isEqualTo(InstanceState.READY);
    assertThat(rig.status("identity", 2).pid()).hasValue(101);
  }

  @Test
  void aCommandForSeveralTellsOfEach() {
    Rig rig = new Rig(threeOf("identity"));
    rig.driver.behaviour.put(
        "identity",
        host -> {
          if (host.id.instance() == 2) {
            host.exit(1);
          } else {
            rig.driver.becomesReady(host);
          }
        });
    CompletionStage<List<String>> start = rig.start("identity");
    rig.advance(0.9);
    assertThat(refusal(start))
        .contains("identity-1 is READY", "identity-2 did not get READY", "identity-3 is READY");
  }

  private static ServiceConfig threeOf(String name) {
    return service(name, 3, true, Configs.RESTART);
  }
}
