package blackhole.orchestrator.supervision;

import static blackhole.orchestrator.supervision.Configs.service;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.registry.Availability;
import blackhole.api.registry.CallPolicy;
import blackhole.api.registry.RegisteredEndpoint;
import blackhole.api.registry.RemoteFallback;
import blackhole.api.registry.ServiceRecord;
import blackhole.api.service.HealthResult;
import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceId;
import blackhole.orchestrator.registry.CallPolicies;
import blackhole.orchestrator.registry.DirectoryFeed;
import blackhole.orchestrator.registry.InMemoryRegistry;
import blackhole.orchestrator.registry.NodeDirectory;
import blackhole.orchestrator.registry.Registrar;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What of supervised instances stands in the registry, in virtual time. */
class RegistrationTest {
  private static final InstanceId STORAGE = new InstanceId("storage", 1);

  private final RegisteredRig node = new RegisteredRig(service("storage"));
  private final Rig rig = node.rig;
  private final InMemoryRegistry registry = node.registry;
  private final NodeDirectory directory = node.directory;
  private final Registrar registrar = node.registrar;

  private ServiceRecord storage() {
    return node.storage();
  }

  private Availability.State state() {
    return node.storage().availability().state();
  }

  private List<String> ids() {
    return node.ids();
  }

  private long revision() {
    return directory.since("", 0).revision();
  }

  @Test
  void aServiceIsKnownBeforeItIsStarted() {
    assertThat(state()).isEqualTo(Availability.State.STOPPED);
    assertThat(storage().availability().reason()).isEqualTo("storage is stopped: not started yet");
    assertThat(storage().endpoints()).isEmpty();
    assertThat(storage().methods()).isEmpty();
  }

  @Test
  void anInstanceIsRegisteredOnceItIsReady() {
    rig.engine.startAll("node");
    rig.advance(0.3);
    assertThat(storage().endpoints()).isEmpty();
    assertThat(state()).isEqualTo(Availability.State.EXPECTED);
    assertThat(storage().availability().expected()).isEmpty();
    assertThat(storage().availability().reason()).isEqualTo("storage starts");

    rig.advance(0.2);

    assertThat(state()).isEqualTo(Availability.State.SERVING);
    assertThat(storage().methods()).isEqualTo(RegisteredRig.METHODS);
    RegisteredEndpoint endpoint = storage().endpoints().get(0);
    assertThat(endpoint.id()).isEqualTo("storage-1-abc-1");
    assertThat(endpoint.instance()).isEqualTo(1);
    assertThat(endpoint.nodeId()).isEqualTo("node-a");
    assertThat(endpoint.type()).isEqualTo(RegisteredEndpoint.Type.LOCAL);
    assertThat(endpoint.socket()).contains(Path.of("/home/run/storage-1.sock"));
    assertThat(endpoint.port()).hasValue(50001);
    assertThat(endpoint.pid()).hasValue(100);
    assertThat(endpoint.health()).isEqualTo(InstanceHealth.HEALTHY);
  }

  @Test
  void itsHealthIsTheSupervisorsWord() {
    rig.started();
    rig.health.put(
        "storage", () -> CompletableFuture.completedFuture(HealthResult.unhealthy("disk full")));
    rig.advance(10);
    assertThat(storage().endpoints().get(0).health()).isEqualTo(InstanceHealth.UNHEALTHY);
    assertThat(storage().endpoints().get(0).message()).isEqualTo("disk full");
    assertThat(storage().endpoints().get(0).isUsable()).isFalse();
    assertThat(state()).as("it runs").isEqualTo(Availability.State.SERVING);

    rig.health.put("storage", Rig::silence);
    rig.advance(15);
    assertThat(storage().endpoints().get(0).health()).isEqualTo(InstanceHealth.UNREACHABLE);
    rig.health.put("storage", Rig::healthy);
    rig.advance(10);
    assertThat(storage().endpoints().get(0).health()).isEqualTo(InstanceHealth.HEALTHY);
  }

  @Test
  void answersToHealthChecksMakeNoRevision() {
    rig.started();
    long before = revision();
    rig.advance(100);
    registrar.seen(STORAGE);
    rig.advance(0);
    assertThat(revision()).isEqualTo(before);
    assertThat(storage().endpoints().get(0).lastSeen()).isEqualTo(rig.time.wallTime());
  }

  @Test
  void aCrashedInstanceIsGoneAtOnceAndItsServiceIsExpected() {
    rig.driver.looksAtRemains = false;
    rig.started();
    rig.host("storage").exit(137);
    rig.advance(0);
    assertThat(rig.status("storage").state()).as("nobody decided yet").hasToString("READY");
    assertThat(storage().endpoints()).isEmpty();
    assertThat(state()).isEqualTo(Availability.State.EXPECTED);

    rig.advance(4);
    assertThat(ids()).containsExactly("storage-1-abc-2");
    assertThat(state()).isEqualTo(Availability.State.SERVING);
  }

  @Test
  void aServiceThatNeverSaysThatItServesWithoutAnEndpoint() {
    rig.started();
    directory
        .directory()
        .watch(
            "storage",
            record -> {
              ServiceRecord now = record.orElseThrow();
              assertThat(
                      now.endpoints().isEmpty()
                          && now.availability().state() == Availability.State.SERVING)
                  .as("%s", now)
                  .isFalse();
              return CompletableFuture.completedFuture(null);
            });
    rig.host("storage").exit(1);
    rig.advance(2);
    rig.restart("storage");
    rig.advance(2);
    rig.stop("storage");
    rig.advance(2);
    rig.start("storage");
    rig.advance(2);
    assertThat(ids()).containsExactly("storage-1-abc-4");
  }

  @Test
  void aRestartDelayIsTold() {
    rig.started();
    rig.host("storage").exit(1);
    rig.advance(0.5);
    rig.host("storage").exit(1);
    rig.advance(0.2);
    assertThat(rig.status("storage").state()).hasToString("BACKOFF");
    assertThat(rig.status("storage").nextStart()).contains(Duration.ofMillis(800));
    assertThat(state()).isEqualTo(Availability.State.EXPECTED);
    assertThat(storage().availability().reason()).startsWith("storage waits for its restart: ");
    assertThat(
            storage().availability().expected().orElseThrow().timeRemaining(TimeUnit.NANOSECONDS))
        .isLessThanOrEqualTo(Duration.ofSeconds(1).toNanos());
    rig.advance(2);
    assertThat(state()).isEqualTo(Availability.State.SERVING);
  }

  @Test
  void whatIsGivenUpHasFailed() {
    rig.started();
    rig.driver.behaviour.put("storage", host -> host.exit(1));
    rig.host("storage").exit(1);
    rig.advance(120);
    assertThat(rig.status("storage").state()).hasToString("FAILED");
    assertThat(state()).isEqualTo(Availability.State.FAILED);
    assertThat(storage().availability().reason())
        .startsWith(
            "storage was given up after too many failures: restarted 5 times within 10 min");
    assertThat(storage().methods()).as("they stay known").isEqualTo(RegisteredRig.METHODS);
  }

  @Test
  void anOrderedStopSaysWhoAsked() {
    rig.started();
    rig.stop("storage");
    assertThat(rig.status("storage").state()).hasToString("DRAINING");
    assertThat(state()).isEqualTo(Availability.State.STOPPED);
    assertThat(storage().endpoints()).isEmpty();
    rig.advance(1);
    assertThat(state()).isEqualTo(Availability.State.STOPPED);
    assertThat(storage().availability().reason()).isEqualTo("storage is stopped, as alice asked");
  }

  @Test
  void aRestartIsWorthWaitingFor() {
    rig.started();
    rig.restart("storage");
    assertThat(rig.status("storage").state()).hasToString("DRAINING");
    assertThat(rig.status("storage").nextStart()).contains(Duration.ZERO);
    assertThat(state()).isEqualTo(Availability.State.EXPECTED);
    assertThat(storage().availability().reason()).isEqualTo("storage is restarted");
    assertThat(storage().endpoints()).isEmpty();
  }

  @Test
  void oneOfTwoServesAlone() {
    RegisteredRig two = new RegisteredRig(Configs.service("storage", 2, true, Configs.RESTART));
    two.rig.started();
    assertThat(two.ids()).containsExactly("storage-1-abc-1", "storage-2-abc-1");
    two.rig.engine.stop("storage", OptionalInt.of(1), "alice");
    two.rig.advance(1);
    assertThat(two.ids()).containsExactly("storage-2-abc-1");
    assertThat(two.storage().availability().state()).isEqualTo(Availability.State.SERVING);
  }

  @Test
  void oneThatDrainsByItselfLeavesAtOnceAndDoesNotComeBack() {
    rig.started();
    FakeHost host = rig.host("storage");
    registrar.withdraw(STORAGE, RegisteredRig.hostId(host));
    rig.advance(0);
    assertThat(storage().endpoints()).isEmpty();
    assertThat(state()).isEqualTo(Availability.State.EXPECTED);
    // it said so again, on a stream that was lost and came back
    registrar.ready(
        STORAGE, RegisteredRig.hostId(host), OptionalInt.of(50001), RegisteredRig.METHODS);
    rig.advance(0);
    assertThat(storage().endpoints()).isEmpty();
  }

  @Test
  void whoDrainsWaitsUntilAllHaveTurnedAway() {
    rig.started();
    CompletableFuture<Void> host = new CompletableFuture<>();
    directory.follow(new Follower(host));

    CompletableFuture<Void> gone =
        registrar
            .withdraw(STORAGE, RegisteredRig.hostId(rig.host("storage")))
            .toCompletableFuture();
    rig.advance(0.5);
    assertThat(storage().endpoints()).isEmpty();
    assertThat(gone).isNotDone();
    host.complete(null);
    rig.advance(0);
    assertThat(gone).isCompleted();
  }

  @Test
  void whoDrainsDoesNotWaitLongForOneThatHangs() {
    rig.started();
    directory.follow(new Follower(new CompletableFuture<>()));
    CompletableFuture<Void> gone =
        registrar
            .withdraw(STORAGE, RegisteredRig.hostId(rig.host("storage")))
            .toCompletableFuture();
    rig.advance(0.9);
    assertThat(gone).isNotDone();
    rig.advance(0.2);
    assertThat(gone).isCompleted();
  }

  @Test
  void itsLeaseIsKeptAliveAndALostOneIsReplaced() {
    rig.started();
    rig.advance(1000);
    assertThat(ids()).hasSize(1);
    for (long lease = 1; lease < 5; lease++) {
      registry.revoke(lease);
    }
    rig.advance(0);
    assertThat(storage().endpoints()).isEmpty();
    rig.advance(60);
    assertThat(ids()).containsExactly("storage-1-abc-1");
  }

  @Test
  void nothingIsLeftWhenTheNodeCloses() {
    rig.started();
    CompletableFuture<Void> closed = registrar.close().toCompletableFuture();
    rig.advance(0);
    assertThat(closed).isCompleted();
    assertThat(storage().endpoints()).isEmpty();
  }

  @Test
  void aServiceThatIsNotEnabledIsUnknown() {
    RegisteredRig two =
        new RegisteredRig(service("storage"), Configs.service("events", 1, false, Configs.RESTART));
    two.rig.started();
    assertThat(two.directory.directory().find("events")).isEmpty();
    assertThat(two.directory.directory().isComplete()).isTrue();
  }

  @Test
  void thePolicyIsTheConfigurations() {
    assertThat(storage().policy()).isEqualTo(CallPolicy.DEFAULT);
    assertThat(CallPolicies.of(service("analytics"), false).remoteFallback())
        .isEqualTo(RemoteFallback.ALWAYS);
  }

  private record Follower(CompletableFuture<Void> answer) implements DirectoryFeed.Follower {
    @Override
    public String name() {
      return "host slow-1";
    }

    @Override
    public CompletionStage<Void> changed(long revision) {
      return answer;
    }
  }

  private void configure(Map<String, CallPolicy> policies) {
    CompletionStage<Void> done = registrar.configure(policies);
    rig.advance(0);
    assertThat(done.toCompletableFuture()).isCompleted();
  }

  @Test
  void howServicesAreCalledMayChangeAndServicesComeAndGo() {
    rig.started();
    CallPolicy policy = CallPolicies.of(service("storage"), false);
    assertThat(storage().policy()).isNotEqualTo(policy);

    configure(Map.of("storage", policy, "events", CallPolicy.DEFAULT));

    assertThat(storage().policy()).isEqualTo(policy);
    assertThat(ids()).as("it serves on").hasSize(1);
    assertThat(directory.directory().find("events").orElseThrow().availability().state())
        .isEqualTo(Availability.State.STOPPED);

    configure(Map.of());

    assertThat(directory.directory().find("events")).isEmpty();
    assertThat(ids()).as("as long as it has instances").hasSize(1);

    rig.engine.leave("storage", "alice");
    rig.advance(5);
    configure(Map.of());
    assertThat(directory.directory().find("storage")).isEmpty();
  }
}
