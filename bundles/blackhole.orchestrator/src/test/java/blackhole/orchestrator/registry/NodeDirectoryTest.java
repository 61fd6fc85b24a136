package blackhole.orchestrator.registry;

import static blackhole.orchestrator.registry.Endpoints.THEN;
import static blackhole.orchestrator.registry.Endpoints.description;
import static blackhole.orchestrator.registry.Endpoints.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.ServiceRecord;
import blackhole.api.supervision.InstanceHealth;
import blackhole.orchestrator.supervision.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeDirectoryTest {
  private final VirtualTime time = new VirtualTime();
  private final InMemoryRegistry registry = new InMemoryRegistry(time);
  private final NodeDirectory directory = new NodeDirectory(registry, time, "e1");
  private long lease;

  @BeforeEach
  void start() {
    registry.describe(description("identity"));
    directory.start();
    lease = get(registry.grant(Duration.ofDays(1)));
  }

  @Test
  void isWhatTheRegistryHolds() {
    assertThat(directory.directory().isComplete()).isTrue();
    registry.describe(description("storage"));
    registry.put(endpoint("storage", 2), lease);
    registry.put(endpoint("storage", 1), lease);
    time.settle();

    ServiceRecord storage = directory.directory().find("storage").orElseThrow();
    assertThat(storage.revision()).isEqualTo(4);
    assertThat(storage.endpoints()).extracting(RegisteredEndpoint::instance).containsExactly(1, 2);
    assertThat(directory.directory().find("identity").orElseThrow().revision()).isEqualTo(1);

    registry.remove("storage", "storage-1-run");
    registry.remove("storage", "storage-2-run");
    registry.forget("storage");
    time.settle();
    assertThat(directory.directory().find("storage")).isEmpty();
  }

  @Test
  void whenItWasSeenIsShownWithoutARevision() {
    get(registry.put(endpoint("storage", 1), lease));
    get(
        registry.put(
            endpoint("storage", 1, InstanceHealth.HEALTHY, "", THEN.plusSeconds(9)), lease));
    assertThat(directory.since("e1", 2).isEmpty()).isTrue();
    assertThat(directory.directory().find("storage").orElseThrow().endpoints())
        .extracting(RegisteredEndpoint::lastSeen)
        .containsExactly(THEN.plusSeconds(9));
  }

  @Test
  void aCopyGetsOnlyWhatItLacks() {
    registry.describe(description("storage"));
    registry.describe(description("events"));
    get(registry.forget("events"));

    DirectoryFeed.Delta delta = directory.since("e1", 1);
    assertThat(delta.complete()).isFalse();
    assertThat(delta.revision()).isEqualTo(4);
    assertThat(delta.services()).extracting(ServiceRecord::name).containsExactly("storage");
    assertThat(delta.removed()).containsExactly("events");
    assertThat(directory.since("e1", 4).isEmpty()).isTrue();
    assertThat(directory.since("e1", 3).removed()).containsExactly("events");
  }

  @Test
  void aCopyOfAnotherRunGetsEverything() {
    get(registry.describe(description("storage")));
    for (DirectoryFeed.Delta delta :
        List.of(
            directory.since("", 0),
            directory.since("e0", 2),
            // one that claims to be ahead, or to be from before this directory began
            directory.since("e1", 3),
            directory.since("e1", 0))) {
      assertThat(delta.complete()).isTrue();
      assertThat(delta.epoch()).isEqualTo("e1");
      assertThat(delta.services())
          .extracting(ServiceRecord::name)
          .containsExactly("identity", "storage");
      assertThat(delta.removed()).isEmpty();
    }
  }

  @Test
  void aCopyThatMayHaveMissedARemovalGetsEverything() {
    for (int i = 0; i < 300; i++) {
      registry.describe(description("service" + i));
      registry.forget("service" + i);
    }
    time.settle();
    assertThat(directory.since("e1", 1).complete()).isTrue();
    assertThat(directory.since("e1", 500).complete()).isFalse();
    assertThat(directory.since("e1", 500).removed()).hasSize(51);
  }

  @Test
  void aRevisionIsAcknowledgedWhenAllFollowersAndWatchersHaveTakenIt() {
    Slow host = new Slow();
    directory.follow(host);
    List<CompletableFuture<Void>> watcher = new ArrayList<>();
    directory
        .directory()
        .watch(
            "storage",
            record -> {
              CompletableFuture<Void> answer = new CompletableFuture<>();
              watcher.add(answer);
              return answer;
            });
    long revision = get(registry.describe(description("storage")));
    CompletableFuture<Void> acknowledged = acknowledged(revision);

    host.answers.get(0).complete(null);
    time.settle();
    assertThat(acknowledged).isNotDone();
    watcher.get(1).complete(null);
    time.settle();
    assertThat(acknowledged).isCompleted();
    assertThat(acknowledged(revision)).isCompleted();
  }

  @Test
  void whatComesLaterIsNotWaitedFor() {
    Slow host = new Slow();
    directory.follow(host);
    long revision = get(registry.describe(description("storage")));
    get(registry.describe(description("events")));
    CompletableFuture<Void> acknowledged = acknowledged(revision);
    host.answers.get(0).complete(null);
    time.settle();
    assertThat(acknowledged).isCompleted();
  }

  @Test
  void aFollowerThatHangsIsPassedOverAfterASecond() {
    directory.follow(new Slow());
    long revision = get(registry.describe(description("storage")));
    CompletableFuture<Void> acknowledged = acknowledged(revision);
    time.advance(Duration.ofMillis(999));
    assertThat(acknowledged).isNotDone();
    time.advance(Duration.ofMillis(2));
    assertThat(acknowledged).isCompleted();
  }

  @Test
  void aFollowerThatIsGoneIsNotToldAnyMore() {
    Slow host = new Slow();
    directory.follow(host).close();
    assertThat(acknowledged(get(registry.describe(description("storage"))))).isCompleted();
    assertThat(host.answers).isEmpty();
  }

  @Test
  void aRevisionThatHasNotComeIsWaitedFor() {
    CompletableFuture<Void> acknowledged = acknowledged(3);
    get(registry.describe(description("storage")));
    assertThat(acknowledged).isNotDone();
    get(registry.describe(description("events")));
    assertThat(acknowledged).isCompleted();
  }

  private CompletableFuture<Void> acknowledged(long revision) {
    CompletableFuture<Void> stage = directory.acknowledged(revision).toCompletableFuture();
    time.settle();
    return stage;
  }

  private <T> T get(CompletionStage<T> stage) {
    time.settle();
    return stage.toCompletableFuture().join();
  }

  private static final class Slow implements DirectoryFeed.Follower {
    final List<CompletableFuture<Void>> answers = new ArrayList<>();

    @Override
    public String name() {
      return "host slow-1";
    }

    @Override
    public CompletionStage<Void> changed(long revision) {
      CompletableFuture<Void> answer = new CompletableFuture<>();
      answers.add(answer);
      return answer;
    }
  }
}
