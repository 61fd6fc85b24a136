package blackhole.orchestrator.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.InstanceState;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.RestartPolicy;
import blackhole.orchestrator.config.ServiceConfig;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Another configuration comes into force while instances run. */
class ReconfigureTest {
  private static final RestartPolicy NONE =
      new RestartPolicy(
          0, Duration.ofSeconds(1), 2.0, Duration.ofSeconds(30), 0.2, Duration.ofMinutes(10));

  private static void reconfigure(Rig rig, NodeConfig config, String... single) {
    CompletionStage<Void> done = rig.engine.reconfigure(config, Set.of(single));
    rig.time.settle();
    assertThat(done.toCompletableFuture()).isCompleted();
  }

  @Test
  void whatRunsFollowsWithoutANewProcess() {
    Rig rig = new Rig(Configs.service("identity")).started();
    FakeHost host = rig.host("identity");
    reconfigure(rig, Configs.node(Configs.service("identity", 1, true, NONE)));
    assertThat(rig.host("identity")).isSameAs(host);
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.READY);
    host.exit(1);
    rig.advance(5);
    assertThat(rig.status("identity").state()).as("no restarts").isEqualTo(InstanceState.FAILED);
  }

  @Test
  void healthIsAskedAtTheNewInterval() {
    Rig rig = new Rig(Configs.service("identity")).started();
    NodeConfig before = Configs.node(Configs.service("identity"));
    reconfigure(rig, Configs.withHealthInterval(before, Duration.ofSeconds(1)));
    int asked = rig.probes.size();
    rig.advance(5);
    assertThat(rig.probes.size()).isBetween(asked + 4, asked + 6);
  }

  @Test
  void aServiceThatComesStartsWithWhatItDependsOn() {
    Rig rig = new Rig(Configs.service("identity")).started();
    ServiceConfig storage = Configs.service("storage", 2, true, Configs.RESTART, "events");
    reconfigure(rig, Configs.node(Configs.service("identity"), storage, Configs.service("events")));
    assertThat(rig.instances()).containsExactly("identity-1");
    CompletionStage<List<String>> events = rig.engine.enter("events", "alice");
    CompletionStage<List<String>> two = rig.engine.enter("storage", "alice");
    rig.time.settle();
    assertThat(rig.status("storage").message()).contains("events");
    rig.advance(5);
    assertThat(Rig.answer(events)).hasSize(1);
    assertThat(Rig.answer(two)).hasSize(2);
    assertThat(rig.instances()).containsExactly("identity-1", "storage-1", "storage-2", "events-1");
  }

  @Test
  void aServiceThatGoesIsDrainedAndForgottenAndMayComeBackAsAnother() {
    Rig rig = new Rig(Configs.service("identity"), Configs.service("storage")).started();
    CompletionStage<List<String>> gone = rig.engine.leave("storage", "alice");
    rig.advance(5);
    assertThat(Rig.answer(gone)).singleElement().asString().contains("storage-1 is STOPPED");
    reconfigure(rig, Configs.node(Configs.service("identity")));
    assertThat(rig.instances()).containsExactly("identity-1");
    assertThat(Rig.refusal(rig.start("storage"))).contains("there is no service storage");

    reconfigure(
        rig, Configs.node(Configs.service("identity"), Configs.service("storage", 1, true, NONE)));
    CompletionStage<List<String>> back = rig.engine.enter("storage", "alice");
    rig.advance(5);
    assertThat(Rig.answer(back)).hasSize(1);
    rig.host("storage").exit(1);
    rig.advance(5);
    assertThat(rig.status("storage").state()).isEqualTo(InstanceState.FAILED);
  }

  @Test
  void whoseDataIsForOneProcessMayBeAnother() {
    Rig rig = new Rig(Configs.service("storage")).started();
    reconfigure(rig, Configs.node(Configs.service("storage")), "storage");
    assertThat(Rig.refusal(rig.scale("storage", 2))).contains("one instance only");
  }
}
