package blackhole.orchestrator.supervision;

import static blackhole.orchestrator.supervision.Configs.service;
import static blackhole.orchestrator.supervision.Rig.answer;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.registry.Availability;
import blackhole.api.supervision.Failure;
import blackhole.api.supervision.FailureKind;
import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Processes that an earlier orchestrator started. */
class AdoptionTest {
  private static final InstanceId STORAGE = new InstanceId("storage", 1);
  private static final Duration AGE = Duration.ofMinutes(5);

  private final Rig rig = new Rig(service("storage"), service("identity", "storage"));

  private FakeHost adopt(InstanceId id, long generation) {
    FakeHost host = rig.driver.found(id, generation);
    rig.engine.adopt(List.of(new Adoption(id, generation, host, AGE)));
    return host;
  }

  private static void calls(FakeHost host) {
    host.hello();
    host.ready();
  }

  @Test
  void oneThatCallsBackIsReadyAsTheProcessThatItWas() {
    FakeHost host = adopt(STORAGE, 7);
    CompletionStage<List<String>> all = rig.engine.startAll("node");
    rig.time.settle();
    InstanceStatus before = rig.status("storage");
    assertThat(before.state()).isEqualTo(InstanceState.STARTING);
    assertThat(before.message()).isEqualTo("adopting");
    assertThat(before.pid()).hasValue(host.pid());
    assertThat(before.uptime()).contains(AGE);
    assertThat(rig.driver.adopted).containsExactly("storage-1.7 pid 100");

    calls(host);
    rig.advance(1);

    InstanceStatus after = rig.status("storage");
    assertThat(after.state()).isEqualTo(InstanceState.READY);
    assertThat(after.health()).isEqualTo(InstanceHealth.HEALTHY);
    assertThat(after.pid()).hasValue(host.pid());
    assertThat(after.uptime()).contains(AGE.plusSeconds(1));
    assertThat(after.bundleVersion()).contains("1.0.0");
    assertThat(after.restarts()).isZero();
    assertThat(answer(all))
        .containsExactly("storage-1 is READY (pid 100)", "identity-1 is READY (pid 101, 0.40 s)");
    assertThat(rig.driver.hosts("storage")).containsExactly(host);
    assertThat(rig.journalLines())
        .contains(
            "storage-1 STOPPED -> STARTING: adopts its process (pid 100) (supervisor)",
            "storage-1 STARTING -> READY: adopted (pid 100) (supervisor)");
  }

  @Test
  void whatItIsAskedIsForItsOwnGeneration() {
    FakeHost host = adopt(STORAGE, 7);
    rig.time.settle();
    rig.driver.events().ready(STORAGE, 1, OptionalInt.empty(), Optional.empty());
    rig.time.settle();
    assertThat(rig.status("storage").state()).isEqualTo(InstanceState.STARTING);
    calls(host);
    rig.stop("storage");
    rig.advance(1);
    assertThat(host.received).containsExactly("drain 24 s");
    assertThat(rig.status("storage").state()).isEqualTo(InstanceState.STOPPED);
  }

  @Test
  void itsEndIsNamedThoughNobodyKnowsItsExitCodeAndTheNextOneIsCountedOn() {
    FakeHost host = adopt(STORAGE, 7);
    rig.time.settle();
    calls(host);
    rig.advance(1);
    host.vanish();
    rig.advance(1);

    Failure failure = rig.details("storage").failures().get(0);
    assertThat(failure.kind()).isEqualTo(FailureKind.UNKNOWN);
    assertThat(failure.cause()).isEqualTo("ended; its exit code is unknown (adopted)");
    assertThat(failure.exitCode()).isEmpty();
    assertThat(failure.lived()).isEqualTo(AGE.plusSeconds(1));
    assertThat(failure.lastLogLines()).containsExactly("last words of storage-1.7");
    assertThat(rig.host("storage").generation).isEqualTo(8);
    assertThat(rig.status("storage").state()).isEqualTo(InstanceState.READY);
    assertThat(rig.status("storage").restarts()).isEqualTo(1);
  }

  @Test
  void oneThatEndsBeforeItCallsBackIsReplaced() {
    FakeHost host = adopt(STORAGE, 1);
    rig.time.settle();
    host.vanish();
    rig.advance(1);
    assertThat(rig.host("storage").generation).isEqualTo(2);
    assertThat(rig.status("storage").state()).isEqualTo(InstanceState.READY);
  }

  @Test
  void oneThatIsHaltedIsUnreachableAndReplacedOnceItHasEnded() {
    rig.health.put("storage", Rig::silence);
    FakeHost host = adopt(STORAGE, 1);
    rig.advance(6);
    assertThat(rig.status("storage").state()).isEqualTo(InstanceState.STARTING);
    assertThat(rig.status("storage").health()).isEqualTo(InstanceHealth.UNREACHABLE);
    assertThat(rig.status("storage").message())
        .isEqualTo("adopting; a health check was not answered");
    host.obeysKill = false;
    rig.advance(20);
    assertThat(host.received).startsWith("SIGKILL");
    assertThat(rig.driver.hosts("storage")).as("it may still live").containsExactly(host);
    rig.health.put("storage", Rig::healthy);
    host.vanish();
    rig.advance(1);
    assertThat(rig.status("storage").state()).isEqualTo(InstanceState.READY);
    assertThat(rig.status("storage").lastExit())
        .contains("hung: 3 health checks in a row were not answered");
  }

  @Test
  void oneThatIsAwakeAgainInTimeGoesOn() {
    rig.health.put("storage", Rig::silence);
    FakeHost host = adopt(STORAGE, 1);
    rig.advance(6);
    rig.health.put("storage", Rig::healthy);
    calls(host);
    rig.advance(1);
    assertThat(rig.status("storage").state()).isEqualTo(InstanceState.READY);
    assertThat(rig.status("storage").health()).isEqualTo(InstanceHealth.HEALTHY);
    assertThat(rig.driver.hosts("storage")).containsExactly(host);
  }

  @Test
  void oneThatServesButNeverCallsBackIsToldToGo() {
    FakeHost host = adopt(STORAGE, 1);
    host.connected = false;
    rig.advance(29);
    assertThat(host.received).isEmpty();
    rig.advance(2);
    assertThat(host.received).containsExactly("SIGTERM");
    assertThat(rig.status("storage").lastExit())
        .contains("did not call back within 30 s of the orchestrator's own restart");
    assertThat(rig.status("storage").state()).isEqualTo(InstanceState.READY);
  }

  @Test
  void anInstanceThatWasAddedByHandIsThereAgain() {
    FakeHost second = adopt(new InstanceId("storage", 2), 3);
    rig.engine.startAll("node");
    rig.time.settle();
    calls(second);
    rig.advance(1);
    assertThat(rig.instances()).containsExactly("storage-1", "storage-2", "identity-1");
    assertThat(rig.status("storage", 2).state()).isEqualTo(InstanceState.READY);
    assertThat(rig.status("storage", 1).state()).isEqualTo(InstanceState.READY);
  }

  @Test
  void whatIsNotConfiguredIsNobodysInstance() {
    adopt(new InstanceId("gone", 1), 1);
    rig.advance(1);
    assertThat(rig.instances()).containsExactly("storage-1", "identity-1");
  }

  @Test
  void nothingStartsBeforeItIsReleasedButIsExpected() {
    rig.engine.hold();
    rig.engine.startAll("node");
    rig.advance(60);
    assertThat(rig.driver.hosts).isEmpty();
    assertThat(rig.status("storage").state()).isEqualTo(InstanceState.STARTING);
    rig.engine.release();
    rig.advance(1);
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.READY);
  }

  @Test
  void whatWasKnownGoesOn() {
    Instant before = rig.time.wallTime().minusSeconds(60);
    rig.engine.remember(
        Map.of(
            STORAGE,
            new Remembered(3, Optional.of(before), Optional.of("killed"), Optional.empty()),
            new InstanceId("storage", 2),
            new Remembered(0, Optional.empty(), Optional.empty(), Optional.empty()),
            new InstanceId("identity", 1),
            new Remembered(0, Optional.empty(), Optional.empty(), Optional.of("as alice asked"))));
    CompletionStage<List<String>> all = rig.engine.startAll("node");
    rig.advance(1);
    assertThat(answer(all))
        .containsExactly(
            "storage-1 is READY (pid 100, 0.40 s)", "storage-2 is READY (pid 101, 0.40 s)");
    InstanceStatus storage = rig.status("storage");
    assertThat(storage.restarts()).isEqualTo(3);
    assertThat(storage.lastRestart()).contains(before);
    assertThat(storage.lastExit()).contains("killed");
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.STOPPED);
    assertThat(rig.status("identity").message()).isEqualTo("as alice asked");

    rig.start("identity");
    rig.advance(1);
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.READY);
  }

  @Test
  void anInstanceThatWasTakenAwayStaysAway() {
    Rig three = new Rig(service("storage", 3, true, Configs.RESTART), service("identity"));
    three.engine.remember(
        Map.of(STORAGE, new Remembered(0, Optional.empty(), Optional.empty(), Optional.empty())));
    three.started();
    assertThat(three.instances()).containsExactly("storage-1", "identity-1");
  }

  @Test
  void whatServedStandsInTheRegistryAllTheWhile() {
    RegisteredRig node = new RegisteredRig(service("storage"));
    FakeHost host = node.rig.driver.found(STORAGE, 7);
    node.rig.engine.adopt(List.of(new Adoption(STORAGE, 7, host, AGE)));
    node.rig.time.settle();
    assertThat(node.storage().availability().state()).isEqualTo(Availability.State.EXPECTED);

    CompletionStage<Long> entered =
        node.registrar.adopted(
            STORAGE, RegisteredRig.hostId(host), OptionalInt.of(50001), RegisteredRig.METHODS);
    node.rig.time.settle();
    assertThat(entered.toCompletableFuture()).isDone();
    assertThat(node.storage().availability().state()).isEqualTo(Availability.State.SERVING);
    assertThat(node.storage().methods()).isEqualTo(RegisteredRig.METHODS);
    assertThat(node.storage().endpoints().get(0).isUsable()).isTrue();
    assertThat(node.ids()).containsExactly("storage-1-abc-7");

    calls(host);
    node.registrar.ready(
        STORAGE, RegisteredRig.hostId(host), OptionalInt.of(50001), RegisteredRig.METHODS);
    node.rig.advance(1);
    assertThat(node.ids()).containsExactly("storage-1-abc-7");
    assertThat(node.storage().endpoints().get(0).health()).isEqualTo(InstanceHealth.HEALTHY);
  }

  @Test
  void whatEndsWhileItIsAdoptedLeavesTheRegistry() {
    RegisteredRig node = new RegisteredRig(service("storage"));
    node.rig.driver.behaviour.put("storage", host -> {});
    FakeHost host = node.rig.driver.found(STORAGE, 7);
    node.rig.engine.adopt(List.of(new Adoption(STORAGE, 7, host, AGE)));
    node.registrar.adopted(
        STORAGE, RegisteredRig.hostId(host), OptionalInt.of(50001), RegisteredRig.METHODS);
    node.rig.time.settle();
    node.registrar.withdraw(STORAGE, RegisteredRig.hostId(host));
    host.vanish();
    node.rig.advance(1);
    assertThat(node.storage().endpoints()).isEmpty();
    assertThat(node.storage().availability().state()).isEqualTo(Availability.State.EXPECTED);
  }
}
