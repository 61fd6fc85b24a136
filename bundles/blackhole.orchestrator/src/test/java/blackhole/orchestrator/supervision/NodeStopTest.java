package blackhole.orchestrator.supervision;

import static blackhole.orchestrator.supervision.Configs.service;
import static blackhole.orchestrator.supervision.Rig.answer;
import static blackhole.orchestrator.supervision.Rig.isOpen;
import static blackhole.orchestrator.supervision.Rig.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.InstanceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** How a whole node stops. */
class NodeStopTest {
  private static Rig node() {
    return new Rig(
            service("storage"),
            service("telemetry"),
            service("identity", "storage"),
            service("ledger", "identity"),
            service("indexer", "identity"))
        .started();
  }

  @Test
  void thoseThatOthersDependOnGoLast() throws Exception {
    Rig rig = node();
    List<String> order = new ArrayList<>();
    try (AutoCloseable watch =
        rig.engine.watch(
            status -> {
              if (status.state() == InstanceState.STOPPED) {
                order.add(status.id().service());
              }
            })) {
      CompletionStage<List<String>> stop = rig.engine.stopAll("SIGTERM");
      rig.advance(0.05);
      assertThat(rig.status("ledger").state()).isEqualTo(InstanceState.DRAINING);
      assertThat(rig.status("indexer").state()).isEqualTo(InstanceState.DRAINING);
      assertThat(rig.status("identity").state()).isEqualTo(InstanceState.READY);
      rig.advance(1);
      assertThat(order).containsExactly("ledger", "indexer", "identity", "storage", "telemetry");
      assertThat(answer(stop))
          .hasSize(5)
          .contains("storage-1 is STOPPED (0.10 s): stopped, as SIGTERM asked");
    }
    assertThat(rig.driver.living()).isEmpty();
    assertThat(rig.time.waiting()).as("nothing is left to do").isZero();
  }

  @Test
  void theTimeIsThatOfTheLevelsNotOfTheServices() {
    Rig rig = node();
    rig.driver.living().forEach(NodeStopTest::ignoresAll);
    CompletionStage<List<String>> stop = rig.engine.stopAll("SIGTERM");
    rig.advance(29.9);
    assertThat(isOpen(stop)).isTrue();
    rig.advance(0.2);
    assertThat(answer(stop)).hasSize(5).allMatch(line -> line.contains("by SIGKILL"));
    assertThat(rig.host("ledger").received).containsExactly("drain 8 s", "SIGTERM", "SIGKILL");
    assertThat(rig.host("storage").received).containsExactly("drain 8 s", "SIGTERM", "SIGKILL");
  }

  @Test
  void whatOneLevelDoesNotNeedIsThereForTheNext() {
    Rig rig = node();
    ignoresAll(rig.host("storage"));
    CompletionStage<List<String>> stop = rig.engine.stopAll("SIGTERM");
    rig.advance(1);
    assertThat(rig.host("storage").received).containsExactly("drain 23.84 s");
    rig.advance(29);
    assertThat(isOpen(stop)).isFalse();
    assertThat(rig.host("storage").received).containsExactly("drain 23.84 s", "SIGTERM", "SIGKILL");
  }

  @Test
  void aProcessThatCannotBeEndedIsNotWaitedForForEver() {
    Rig rig = new Rig(service("storage"), service("identity", "storage")).started();
    FakeHost host = rig.host("identity");
    ignoresAll(host);
    host.obeysKill = false;
    CompletionStage<List<String>> stop = rig.engine.stopAll("SIGTERM");
    rig.advance(33);
    assertThat(answer(stop))
        .contains("identity-1 does not end: SIGKILL is pending")
        .anyMatch(line -> line.startsWith("storage-1 is STOPPED"));
  }

  @Test
  void nothingStartsAnyMore() {
    Rig rig =
        new Rig(
            1,
            service("storage"),
            service("identity", "storage"),
            service("crasher"),
            service("queued"));
    rig.driver.behaviour.put(
        "crasher", host -> host.after(Duration.ofMillis(10), () -> host.exit(1)));
    rig.driver.startTime = Duration.ofSeconds(5);
    CompletionStage<List<String>> start = rig.engine.startAll("node");
    rig.advance(1);
    CompletionStage<List<String>> stop = rig.engine.stopAll("SIGTERM");
    rig.advance(60);
    assertThat(answer(stop)).hasSize(1);
    assertThat(answer(start)).hasSize(4).noneMatch(line -> line.contains("READY ("));
    assertThat(rig.driver.hosts).hasSize(1);
    assertThat(rig.engine.instances())
        .allSatisfy(one -> assertThat(one.state()).isEqualTo(InstanceState.STOPPED));
    assertThat(refusal(rig.start("identity"))).isEqualTo("the node is stopping");
    assertThat(refusal(rig.restart("identity"))).isEqualTo("the node is stopping");
  }

  @Test
  void whatCrashesMeanwhileStaysDown() {
    Rig rig = node();
    ignoresAll(rig.host("ledger"));
    CompletionStage<List<String>> stop = rig.engine.stopAll("SIGTERM");
    rig.advance(1);
    rig.host("storage").exit(137);
    rig.advance(60);
    assertThat(isOpen(stop)).isFalse();
    assertThat(rig.driver.hosts("storage")).hasSize(1);
    assertThat(rig.driver.living()).isEmpty();
    assertThat(rig.status("storage").lastExit()).contains("ended from outside by SIGKILL");
  }

  @Test
  void aStopThatIsUnderWayIsMadeFaster() {
    Rig rig = node();
    ignoresAll(rig.host("ledger"));
    rig.stop("ledger");
    CompletionStage<List<String>> stop = rig.engine.stopAll("SIGTERM");
    rig.advance(8.1);
    assertThat(rig.host("ledger").received).containsExactly("drain 24 s", "SIGTERM");
    rig.advance(2);
    assertThat(rig.host("ledger").received).endsWith("SIGKILL");
    rig.advance(1);
    assertThat(isOpen(stop)).isFalse();
  }

  @Test
  void aSecondCtrlCForces() {
    Rig rig = node();
    rig.driver.living().forEach(NodeStopTest::ignoresAll);
    CompletionStage<List<String>> stop = rig.engine.stopAll("SIGINT");
    rig.advance(1);
    CompletionStage<List<String>> force = rig.engine.forceStop("second SIGINT");
    rig.time.settle();
    assertThat(rig.driver.living()).isEmpty();
    assertThat(answer(force)).isEqualTo(answer(stop));
    assertThat(rig.host("storage").received).containsExactly("SIGKILL");
  }

  @Test
  void forcingWithoutAskingFirstWorksToo() {
    Rig rig = node();
    CompletionStage<List<String>> force = rig.engine.forceStop("test");
    rig.time.settle();
    assertThat(isOpen(force)).isFalse();
    assertThat(rig.driver.living()).isEmpty();
  }

  @Test
  void aNodeWithNothingRunningStopsAtOnce() {
    Rig rig = new Rig(service("storage"));
    CompletionStage<List<String>> stop = rig.engine.stopAll("SIGTERM");
    rig.time.settle();
    assertThat(answer(stop)).isEmpty();
  }

  @Test
  void restartsOneAfterTheOtherEndWithTheNode() {
    Rig rig = new Rig(service("identity", 3, true, Configs.RESTART)).started();
    CompletionStage<List<String>> restart = rig.restart("identity");
    rig.advance(0.2);
    rig.engine.stopAll("SIGTERM");
    rig.advance(40);
    assertThat(refusal(restart)).isNotEmpty();
    assertThat(rig.driver.living()).isEmpty();
  }

  private static void ignoresAll(FakeHost host) {
    host.obeysDrain = false;
    host.obeysTerm = false;
  }
}
