package blackhole.orchestrator.supervision;

import static blackhole.orchestrator.supervision.Configs.service;
import static blackhole.orchestrator.supervision.Rig.answer;
import static blackhole.orchestrator.supervision.Rig.isOpen;
import static blackhole.orchestrator.supervision.Rig.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.service.HealthResult;
import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.orchestrator.config.MachineMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** How a service gets more instances and fewer, by hand and by steps. */
class ScaleTest {
  private static final InstanceId THIRD = new InstanceId("storage", 3);

  private final Rig rig = new Rig(service("storage"), service("identity")).started();

  @Test
  void moreAreStartedWithTheNextNumbers() {
    CompletionStage<List<String>> scale = rig.scale("storage", 3);
    assertThat(rig.instances())
        .as("in the order of the configuration")
        .containsExactly("storage-1", "storage-2", "storage-3", "identity-1");
    assertThat(rig.status("storage", 3).state()).isEqualTo(InstanceState.STARTING);
    assertThat(isOpen(scale)).isTrue();
    rig.advance(1);
    assertThat(answer(scale))
        .containsExactly(
            "storage-2 is READY (pid 102, 0.40 s)", "storage-3 is READY (pid 103, 0.40 s)");
    assertThat(rig.decisionLines()).containsExactly("storage: scaled from 1 to 3 (alice)");
    assertThat(rig.engine.details(THIRD)).isPresent();
  }

  @Test
  void theHighestNumbersDrainAndGo() {
    rig.scale("storage", 3);
    rig.advance(1);
    CompletionStage<List<String>> scale = rig.scale("storage", 1);
    assertThat(rig.status("storage", 3).state())
        .as("it is shown as long as it runs")
        .isEqualTo(InstanceState.DRAINING);
    rig.advance(1);
    assertThat(answer(scale))
        .containsExactly(
            "storage-3 is STOPPED (0.10 s): stopped, as alice asked",
            "storage-2 is STOPPED (0.10 s): stopped, as alice asked");
    assertThat(rig.instances()).containsExactly("storage-1", "identity-1");
    assertThat(rig.driver.host(THIRD).received).containsExactly("drain 24 s");
    assertThat(rig.driver.living()).hasSize(2);
    assertThat(rig.engine.details(THIRD)).isEmpty();
    rig.advance(1000);
    assertThat(rig.driver.hosts("storage")).as("nothing starts again").hasSize(3);
  }

  @Test
  void whoWatchesIsToldOfEachThatComesAndGoes() {
    List<String> told = new ArrayList<>();
    rig.engine.watch(
        status -> {
          boolean listed = rig.instances().contains(status.id().toString());
          told.add(status.id() + " " + status.state() + (listed ? "" : ", not listed"));
        });
    rig.scale("storage", 2);
    rig.advance(1);
    rig.scale("storage", 1);
    rig.advance(1);
    assertThat(told).contains("storage-2 STARTING", "storage-2 READY", "storage-2 DRAINING");
    assertThat(told.get(told.size() - 1)).isEqualTo("storage-2 STOPPED, not listed");
  }

  @Test
  void theLastReadyOneIsNeverTaken() {
    rig.driver.behaviour.put("storage", host -> host.exit(1));
    rig.host("storage").exit(1);
    rig.advance(100);
    assertThat(rig.status("storage").state()).isEqualTo(InstanceState.FAILED);
    rig.driver.behaviour.clear();
    rig.engine.step("storage", 1, 2, "a test");
    rig.advance(1);
    assertThat(rig.status("storage", 2).state()).isEqualTo(InstanceState.READY);

    CompletionStage<List<String>> scale = rig.scale("storage", 1);
    rig.advance(1);

    assertThat(answer(scale)).hasSize(1);
    assertThat(rig.instances()).containsExactly("storage-2", "identity-1");
    assertThat(rig.status("storage", 2).state()).isEqualTo(InstanceState.READY);
    rig.scale("storage", 2);
    assertThat(rig.instances()).as("1 is free").startsWith("storage-1", "storage-2");
  }

  @Test
  void whileAServiceIsUpdatedNobodyScalesIt() {
    rig.scale("storage", 2);
    rig.advance(1);
    rig.engine.reserve("storage");

    step(2, 1);
    assertThat(refusal(rig.scale("storage", 1))).contains("storage is being updated");
    rig.advance(1);
    assertThat(rig.instances()).contains("storage-2");

    rig.engine.release("storage");
    step(2, 1);
    rig.advance(1);
    assertThat(rig.instances()).doesNotContain("storage-2");
  }

  @Test
  void anInstanceStandsInUntilItIsNotNeededAnyMore() {
    CompletionStage<StandIn> placed = rig.engine.standIn("storage", "alice");
    rig.advance(1);
    InstanceId second = placed.toCompletableFuture().join().id().orElseThrow();
    assertThat(placed.toCompletableFuture().join().problem()).isEmpty();
    assertThat(rig.status("storage", 2).state()).isEqualTo(InstanceState.READY);
    assertThat(rig.engine.standIns()).containsExactly(second);

    CompletionStage<List<String>> gone = rig.engine.dismiss(second, "alice");
    rig.advance(1);

    assertThat(answer(gone)).hasSize(1);
    assertThat(rig.instances()).containsExactly("storage-1", "identity-1");
    assertThat(rig.engine.standIns()).isEmpty();
  }

  @Test
  void oneThatStartsDoesNotStandInForTheLastReadyOne() {
    rig.scale("storage", 2);
    rig.advance(1);
    rig.host("storage").exit(1);
    rig.advance(0.1);
    assertThat(rig.status("storage", 1).state()).isNotEqualTo(InstanceState.READY);
    assertThat(rig.status("storage", 2).state()).isEqualTo(InstanceState.READY);
    rig.scale("storage", 1);
    rig.advance(1);
    assertThat(rig.instances()).containsExactly("storage-2", "identity-1");
  }

  @Test
  void aNumberThatComesBackGoesOnWithItsGenerations() {
    rig.scale("storage", 2);
    rig.advance(1);
    rig.scale("storage", 1);
    rig.advance(1);
    rig.scale("storage", 2);
    rig.advance(1);
    assertThat(rig.driver.host(new InstanceId("storage", 2)).generation)
        .as("host ids stay unique")
        .isEqualTo(2);
  }

  @Test
  void oneThatStillDrainsStaysWhenItIsWantedAgain() {
    rig.scale("storage", 2);
    rig.advance(1);
    CompletionStage<List<String>> down = rig.scale("storage", 1);
    CompletionStage<List<String>> up = rig.scale("storage", 2);
    rig.advance(2);
    assertThat(answer(down))
        .containsExactly("storage-2 was stopped, and is started again, as was asked meanwhile");
    assertThat(answer(up).get(0)).startsWith("storage-2 is READY");
    assertThat(rig.instances()).startsWith("storage-1", "storage-2");
  }

  @Test
  void oneThatLeavesTakesNoCommands() {
    rig.scale("storage", 2);
    rig.advance(1);
    rig.scale("storage", 1);
    assertThat(refusal(numbered(2)))
        .isEqualTo("there is no instance storage-2; there is storage-1");
    rig.start("storage");
    rig.advance(1);
    assertThat(rig.instances()).containsExactly("storage-1", "identity-1");
  }

  private CompletionStage<List<String>> numbered(int number) {
    CompletionStage<List<String>> start =
        rig.engine.start("storage", OptionalInt.of(number), "alice");
    rig.time.settle();
    return start;
  }

  @Test
  void askingForWhatIsThereDoesNothing() {
    assertThat(answer(rig.scale("storage", 1))).containsExactly("storage has one instance already");
    assertThat(rig.decisions).isEmpty();
  }

  @Test
  void whatWasStoppedIsStarted() {
    rig.stop("storage");
    rig.advance(1);
    CompletionStage<List<String>> scale = rig.scale("storage", 2);
    rig.advance(1);
    assertThat(answer(scale)).hasSize(2);
    assertThat(rig.status("storage", 1).state()).isEqualTo(InstanceState.READY);
    assertThat(rig.status("storage", 2).state()).isEqualTo(InstanceState.READY);
  }

  @Test
  void nonsenseIsRefused() {
    assertThat(refusal(rig.scale("storage", 0)))
        .isEqualTo("no instance of storage is a stop: use stop storage");
    assertThat(refusal(rig.scale("storage", -1)))
        .isEqualTo("-1 instances of storage, expected 1 to 1000");
    assertThat(refusal(rig.scale("storage", 1001)))
        .isEqualTo("1001 instances of storage, expected 1 to 1000");
    assertThat(refusal(rig.scale("ledger", 2)))
        .isEqualTo("there is no service ledger; there is storage and identity");
  }

  @Test
  void scalingBoundsWhatIsAskedByHandToo() {
    Rig scaled = new Rig(Configs.scaled("storage", 2, 3)).started();
    assertThat(scaled.instances()).as("min_instances").containsExactly("storage-1", "storage-2");
    String bounds =
        "storage has 2 to 3 instances, as its scaling says (min_instances, max_instances), so not ";
    assertThat(refusal(scaled.scale("storage", 1))).isEqualTo(bounds + 1);
    assertThat(refusal(scaled.scale("storage", 4))).isEqualTo(bounds + 4);
    scaled.scale("storage", 3);
    scaled.advance(1);
    assertThat(scaled.driver.living()).hasSize(3);
  }

  @Test
  void dataOfASingleProcessIsNotShared() {
    Capacity capacity = new Capacity(Set.of("storage"), MachineMemory.UNKNOWN);
    Rig single = new Rig(8, capacity, service("storage")).started();
    assertThat(refusal(single.scale("storage", 2)))
        .isEqualTo(
            "storage can have one instance only: one process at a time may use its data"
                + " (Blackhole-Data: single)");
    assertThat(answer(single.scale("storage", 1))).hasSize(1);
  }

  @Test
  void whatDoesNotFitIsNotStartedAndSaid() {
    Rig small = new Rig(8, memory(1000), service("storage"), service("identity")).started();
    assertThat(refusal(small.scale("storage", 3)))
        .isEqualTo(
            "storage is not scaled to 3: 256MB each for 2 more, beside the limits of what runs"
                + " (512MB), is more than this machine has (1000MB)");
    assertThat(small.instances()).hasSize(2);
    assertThat(small.decisions).singleElement().matches(Journal.Decision::warning);
    small.scale("storage", 2);
    small.advance(1);
    assertThat(small.driver.living()).as("one more fits").hasSize(3);
    assertThat(refusal(small.scale("storage", 3)))
        .contains("256MB more, beside the limits of what runs (768MB), is more than");
  }

  @Test
  void whatDoesNotFitAtTheNodesStartStaysStopped() {
    Rig small = new Rig(8, memory(600), service("a"), service("b"), service("c"));
    CompletionStage<List<String>> start = small.engine.startAll("node");
    small.advance(1);
    assertThat(answer(start).get(2))
        .isEqualTo(
            "c-1 is not started: 256MB more, beside the limits of what runs (512MB), is more than"
                + " this machine has (600MB)");
    assertThat(small.status("c").state()).isEqualTo(InstanceState.STOPPED);
    assertThat(small.status("c").message()).startsWith("not started: 256MB more");
    small.stop("a");
    small.advance(1);
    small.start("c");
    small.advance(1);
    assertThat(small.status("c").state()).isEqualTo(InstanceState.READY);
  }

  private static Capacity memory(long megabytes) {
    return new Capacity(Set.of(), new MachineMemory(OptionalLong.of(megabytes << 20)));
  }

  @Test
  void aStepIsTakenFromTheNumberThatWasSeenOnly() {
    CompletionStage<Optional<String>> step = step(1, 2);
    assertThat(step.toCompletableFuture()).isCompletedWithValue(Optional.empty());
    assertThat(rig.decisionLines()).containsExactly("storage: scaled from 1 to 2: a test (scaler)");
    rig.advance(1);
    step(1, 2);
    rig.advance(1);
    assertThat(rig.instances()).as("it had two by then").hasSize(3);
    step(2, 1);
    rig.advance(1);
    assertThat(rig.instances()).hasSize(2);
    assertThat(rig.journalLines())
        .contains("storage-2 READY -> DRAINING: stops, as scaler asked (scaler)");
  }

  @Test
  void aStepThatDoesNotFitSaysSo() {
    Rig small = new Rig(8, memory(300), service("storage")).started();
    CompletionStage<Optional<String>> step = small.engine.step("storage", 1, 2, "a test");
    small.advance(1);
    assertThat(step.toCompletableFuture().join().orElseThrow()).startsWith("256MB more");
    assertThat(small.instances()).containsExactly("storage-1");
  }

  private CompletionStage<Optional<String>> step(int from, int to) {
    CompletionStage<Optional<String>> step = rig.engine.step("storage", from, to, "a test");
    rig.time.settle();
    return step;
  }

  @Test
  void aNodeThatStopsIsNotScaled() {
    rig.scale("storage", 3);
    rig.advance(1);
    rig.engine.stopAll("node");
    assertThat(refusal(rig.scale("storage", 4))).isEqualTo("the node is stopping");
    assertThatThrownBy(() -> step(3, 4).toCompletableFuture().join())
        .hasMessageContaining("the node is stopping");
    rig.advance(60);
    assertThat(rig.driver.living()).isEmpty();
  }

  @Test
  void theRegistryFollows() {
    RegisteredRig node = new RegisteredRig(service("storage"));
    node.rig.started();
    node.rig.scale("storage", 2);
    node.rig.advance(1);
    assertThat(node.ids()).containsExactly("storage-1-abc-1", "storage-2-abc-1");
    node.rig.scale("storage", 1);
    node.rig.advance(1);
    assertThat(node.ids()).containsExactly("storage-1-abc-1");
    node.rig.scale("storage", 2);
    node.rig.advance(1);
    assertThat(node.ids()).containsExactly("storage-1-abc-1", "storage-2-abc-2");
  }

  @Test
  void oneThatWentSaysNothingOfItsService() {
    RegisteredRig node = new RegisteredRig(service("storage", 2, true, Configs.RESTART));
    node.rig.started();
    node.rig.stop("storage");
    node.rig.advance(1);
    node.rig.scale("storage", 1);
    node.rig.advance(1);
    node.rig.driver.behaviour.put("storage", host -> host.exit(1));
    node.rig.host("storage").exit(1);
    node.rig.advance(100);
    assertThat(node.rig.instances()).containsExactly("storage-1");
    assertThat(node.storage().availability().reason()).contains("was given up");
  }

  @Test
  void ofSeveralThatAreReadyOneThatAnswersIsKept() {
    List<ScaleRules.Candidate> all =
        List.of(
            candidate(1, InstanceState.READY, InstanceHealth.UNHEALTHY),
            candidate(2, InstanceState.BACKOFF, InstanceHealth.DOWN),
            candidate(3, InstanceState.READY, InstanceHealth.HEALTHY));
    assertThat(ScaleRules.leaving(all, 2)).containsExactly(2);
    assertThat(ScaleRules.leaving(all, 1)).containsExactly(2, 1);
    assertThat(ScaleRules.leaving(all, 3)).isEmpty();
  }

  private static ScaleRules.Candidate candidate(
      int number, InstanceState state, InstanceHealth health) {
    return new ScaleRules.Candidate(number, state, health);
  }

  @Test
  void unhealthyOnesGoByNumberWhenAnotherServes() {
    rig.health.put(
        "storage", () -> CompletableFuture.completedFuture(HealthResult.unhealthy("no disk")));
    rig.scale("storage", 2);
    rig.advance(30);
    assertThat(rig.engine.instances())
        .extracting(InstanceStatus::health)
        .contains(InstanceHealth.UNHEALTHY);
    rig.scale("storage", 1);
    rig.advance(1);
    assertThat(rig.instances()).containsExactly("storage-1", "identity-1");
  }
}
