package blackhole.orchestrator.supervision;

import static blackhole.orchestrator.supervision.Configs.service;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class WatchTest {
  private final Rig rig = new Rig(service("identity"), service("storage"));

  @Test
  void everyChangeIsToldInOrderUntilClosed() throws Exception {
    List<InstanceStatus> seen = new ArrayList<>();
    AutoCloseable watch = rig.engine.watch(seen::add);
    rig.start("identity");
    rig.advance(100);
    assertThat(seen).extracting(InstanceStatus::id).extracting("service").containsOnly("identity");
    assertThat(seen)
        .extracting(InstanceStatus::state)
        .startsWith(InstanceState.STARTING)
        .endsWith(InstanceState.READY);
    assertThat(seen).as("time alone is no change").doesNotHaveDuplicates().hasSizeLessThan(8);
    watch.close();
    int before = seen.size();
    rig.stop("identity");
    rig.advance(1);
    assertThat(seen).hasSize(before);
  }

  @Test
  void aWatcherThatThrowsDisturbsNobody() {
    List<InstanceStatus> seen = new ArrayList<>();
    rig.engine.watch(
        status -> {
          throw new IllegalStateException("a test's own");
        });
    rig.engine.watch(seen::add);
    rig.start("identity");
    rig.advance(1);
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.READY);
    assertThat(seen).isNotEmpty();
  }

  @Test
  void watchingTwiceAndClosingOnceWatchesOnce() throws Exception {
    List<InstanceStatus> seen = new ArrayList<>();
    Consumer<InstanceStatus> watcher = seen::add;
    AutoCloseable first = rig.engine.watch(watcher);
    rig.engine.watch(watcher);
    first.close();
    first.close();
    rig.start("identity");
    rig.advance(1);
    assertThat(seen).isNotEmpty().doesNotHaveDuplicates();
  }

  @Test
  void instancesComeInTheOrderOfTheConfiguration() {
    rig.started();
    assertThat(rig.engine.instances())
        .extracting(status -> status.id().toString())
        .containsExactly("identity-1", "storage-1");
  }
}
