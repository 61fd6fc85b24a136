package blackhole.orchestrator.registry;

import static blackhole.orchestrator.registry.Endpoints.THEN;
import static blackhole.orchestrator.registry.Endpoints.description;
import static blackhole.orchestrator.registry.Endpoints.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.registry.LeaseNotFoundException;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.Registry;
import blackhole.api.registry.RegistryEvent;
import blackhole.api.registry.RegistrySnapshot;
import blackhole.api.supervision.InstanceHealth;
import blackhole.orchestrator.supervision.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class InMemoryRegistryTest {
  private static final Duration TIME_TO_LIVE = Duration.ofSeconds(30);

  private final VirtualTime time = new VirtualTime();
  private final InMemoryRegistry registry = new InMemoryRegistry(time, 4);

  @Test
  void eachChangeCountsTheRevisionUpAndNothingElseDoes() {
    long lease = lease();
    assertThat(get(registry.put(endpoint("storage", 1), lease))).isEqualTo(1);
    assertThat(get(registry.put(endpoint("storage", 1), lease))).as("the same again").isEqualTo(1);
    assertThat(get(registry.describe(description("storage")))).isEqualTo(2);
    assertThat(get(registry.describe(description("storage")))).isEqualTo(2);
    assertThat(get(registry.remove("storage", "nobody"))).isEqualTo(2);
    assertThat(get(registry.remove("storage", "storage-1-run"))).isEqualTo(3);
    assertThat(get(registry.forget("storage"))).isEqualTo(4);
    assertThat(get(registry.forget("storage"))).isEqualTo(4);
    assertThat(get(registry.snapshot())).isEqualTo(new RegistrySnapshot(4, List.of(), List.of()));
  }

  @Test
  void aSnapshotHoldsAllThatThereIs() {
    long lease = lease();
    registry.describe(description("storage"));
    registry.put(endpoint("storage", 2), lease);
    registry.put(endpoint("storage", 1), lease);
    assertThat(get(registry.snapshot()))
        .isEqualTo(
            new RegistrySnapshot(
                3,
                List.of(description("storage")),
                List.of(endpoint("storage", 1), endpoint("storage", 2))));
  }

  @Test
  void whenItWasSeenIsNoRevisionButIsTold() {
    long lease = lease();
    registry.put(endpoint("storage", 1), lease);
    Events events = new Events();
    registry.watch(0, events);
    RegisteredEndpoint seen =
        endpoint("storage", 1, InstanceHealth.HEALTHY, "", THEN.plusSeconds(10));

    assertThat(get(registry.put(seen, lease))).isEqualTo(1);

    assertThat(events.heard)
        .containsExactly(
            new RegistryEvent.EndpointPut(1, endpoint("storage", 1)),
            new RegistryEvent.EndpointSeen(1, seen));
    assertThat(get(registry.snapshot()).endpoints()).containsExactly(seen);
  }

  @Test
  void healthIsNewsAndSoIsWhyItIsNotUsable() {
    long lease = lease();
    registry.put(endpoint("storage", 1), lease);
    assertThat(put(lease, InstanceHealth.DEGRADED, "slow")).isEqualTo(2);
    assertThat(put(lease, InstanceHealth.DEGRADED, "slower")).isEqualTo(2);
    assertThat(put(lease, InstanceHealth.UNHEALTHY, "disk full")).isEqualTo(3);
    assertThat(put(lease, InstanceHealth.UNHEALTHY, "disk gone")).isEqualTo(4);
  }

  private long put(long lease, InstanceHealth health, String message) {
    return get(registry.put(endpoint("storage", 1, health, message, THEN), lease));
  }

  @Test
  void whatHangsOnALeaseGoesWithIt() {
    long mine = lease();
    long other = lease();
    registry.put(endpoint("storage", 1), mine);
    registry.put(endpoint("storage", 2), mine);
    registry.put(endpoint("storage", 3), other);

    assertThat(get(registry.revoke(mine))).isEqualTo(5);

    assertThat(get(registry.snapshot()).endpoints()).containsExactly(endpoint("storage", 3));
    assertThat(get(registry.revoke(mine))).as("again").isEqualTo(5);
    assertFails(registry.put(endpoint("storage", 1), mine));
    assertThat(get(registry.snapshot()).endpoints()).hasSize(1);
  }

  @Test
  void anEndpointHangsOnTheLeaseThatItWasLastWrittenWith() {
    long first = lease();
    long second = lease();
    registry.put(endpoint("storage", 1), first);
    registry.put(endpoint("storage", 1), second);
    get(registry.revoke(first));
    assertThat(get(registry.snapshot()).endpoints()).hasSize(1);
    get(registry.revoke(second));
    assertThat(get(registry.snapshot()).endpoints()).isEmpty();
  }

  @Test
  void aLeaseThatIsNotKeptAliveExpires() {
    long lease = lease();
    registry.put(endpoint("storage", 1), lease);
    time.advance(Duration.ofSeconds(29));
    get(registry.keepAlive(lease));
    time.advance(Duration.ofSeconds(29));
    assertThat(get(registry.snapshot()).endpoints()).hasSize(1);

    time.advance(Duration.ofSeconds(2));

    assertThat(get(registry.snapshot())).isEqualTo(new RegistrySnapshot(2, List.of(), List.of()));
    assertFails(registry.keepAlive(lease));
  }

  @Test
  void aWatchResumesWhereItWas() {
    long lease = lease();
    Events first = new Events();
    Registry.Watch watch = registry.watch(0, first);
    registry.put(endpoint("storage", 1), lease);
    time.settle();
    watch.close();
    registry.describe(description("storage"));
    get(registry.remove("storage", "storage-1-run"));
    assertThat(first.heard).hasSize(1);

    Events second = new Events();
    registry.watch(1, second);
    get(registry.forget("storage"));

    assertThat(second.heard)
        .containsExactly(
            new RegistryEvent.ServiceDescribed(2, description("storage")),
            new RegistryEvent.EndpointRemoved(3, "storage", "storage-1-run"),
            new RegistryEvent.ServiceForgotten(4, "storage"));
    assertThat(second.compacted).isZero();
  }

  @Test
  void aWatchThatIsTooFarBackIsSentToASnapshot() {
    for (int i = 0; i < 6; i++) {
      registry.describe(description("service" + i));
    }
    Events tooLate = new Events();
    registry.watch(1, tooLate);
    Events justInTime = new Events();
    registry.watch(2, justInTime);
    get(registry.describe(description("another")));

    assertThat(tooLate.compacted).isOne();
    assertThat(tooLate.heard).isEmpty();
    assertThat(justInTime.compacted).isZero();
    assertThat(justInTime.heard)
        .extracting(RegistryEvent::revision)
        .containsExactly(3L, 4L, 5L, 6L, 7L);
  }

  @Test
  void aWatcherThatThrowsDisturbsNobody() {
    registry.watch(
        0,
        new Events() {
          @Override
          public void changed(RegistryEvent event) {
            throw new IllegalStateException("a test's own");
          }
        });
    Events events = new Events();
    registry.watch(0, events);
    assertThat(get(registry.describe(description("storage")))).isOne();
    assertThat(events.heard).hasSize(1);
  }

  private long lease() {
    return get(registry.grant(TIME_TO_LIVE));
  }

  private <T> T get(CompletionStage<T> stage) {
    time.settle();
    assertThat(stage.toCompletableFuture()).isDone();
    return stage.toCompletableFuture().join();
  }

  private void assertFails(CompletionStage<?> stage) {
    time.settle();
    assertThatThrownBy(() -> stage.toCompletableFuture().join())
        .hasRootCauseInstanceOf(LeaseNotFoundException.class);
  }

  private static class Events implements Registry.Watcher {
    final List<RegistryEvent> heard = new ArrayList<>();
    int compacted;

    @Override
    public void changed(RegistryEvent event) {
      heard.add(event);
    }

    @Override
    public void compacted() {
      compacted++;
    }
  }
}
