package blackhole.orchestrator.supervision;

import static blackhole.orchestrator.supervision.Configs.service;
import static blackhole.orchestrator.supervision.Rig.answer;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.Failure;
import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.orchestrator.evidence.Findings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What follows when processes end that nobody asked to end. */
class CrashTest {
  private static final Duration LOOP = Duration.ofMillis(10);

  @Test
  void aCrashAfterAWhileRestartsAtOnce() {
    Rig rig = new Rig(service("identity")).started();
    rig.advance(100);
    Instant crashed = rig.time.wallTime();
    rig.host("identity").exit(137);
    rig.advance(0.5);
    InstanceStatus status = rig.status("identity");
    assertThat(status.state()).isEqualTo(InstanceState.READY);
    assertThat(status.pid()).hasValue(101);
    assertThat(status.restarts()).isEqualTo(1);
    assertThat(status.lastRestart()).contains(crashed);
    assertThat(status.lastExit()).contains("ended from outside by SIGKILL");
    assertThat(rig.engine.summaries())
        .singleElement()
        .satisfies(one -> assertThat(one.status()).isEqualTo(status))
        .satisfies(one -> assertThat(one.counts().failures().values()).containsExactly(1L));
    assertThat(rig.details("identity").failures()).hasSize(1);
    Failure failure = rig.details("identity").failures().get(0);
    assertThat(failure.exitCode()).hasValue(137);
    assertThat(failure.signal()).contains("SIGKILL");
    assertThat(failure.lived()).isEqualTo(Duration.ofSeconds(110));
    assertThat(failure.time()).isEqualTo(crashed);
    assertThat(failure.lastLogLines()).containsExactly("last words of identity-1.1");
  }

  @Test
  void theDelaysGrowUntilItIsGivenUp() {
    Rig rig = new Rig(service("identity"));
    rig.driver.behaviour.put("identity", host -> host.after(LOOP, () -> host.exit(1)));
    rig.start("identity");
    rig.advance(1);
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.BACKOFF);
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.DOWN);
    assertThat(rig.status("identity").message())
        .isEqualTo("exited with code 1, before the handshake; it is started again after 1 s");
    rig.advance(3600);

    assertThat(rig.driver.hosts).hasSize(6);
    assertThat(gapsMillis(rig)).containsExactly(10L, 1010L, 2010L, 4010L, 8010L);
    InstanceStatus status = rig.status("identity");
    assertThat(status.state()).isEqualTo(InstanceState.FAILED);
    assertThat(status.restarts()).isEqualTo(5);
    assertThat(status.message()).contains("restarted 5 times within 10 min");
    assertThat(rig.journal).filteredOn(Journal.Entry::warning).hasSize(1);
    assertThat(rig.journal.size()).as("a crash loop floods no log").isLessThan(20);
    assertThat(rig.time.waiting()).as("nothing is left to do").isZero();
  }

  /** The first ones may be bad luck, and callers wait for them. */
  @Test
  void whatEndsAgainAndAgainStartsBehindTheOthers() {
    Rig rig = new Rig(service("identity"));
    rig.driver.behaviour.put("identity", host -> host.after(LOOP, () -> host.exit(1)));
    rig.start("identity");
    rig.advance(3600);
    assertThat(rig.driver.hosts).hasSize(6);
    assertThat(rig.driver.inBackground).containsExactly("identity-1.6");

    rig.driver.behaviour.clear();
    rig.start("identity");
    rig.advance(61);
    rig.host("identity").exit(1);
    rig.advance(1);
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.READY);
    assertThat(rig.driver.inBackground).as("by hand, and after a stable run").hasSize(1);
  }

  @Test
  void afterFailingAManualStartIsFree() {
    Rig rig = new Rig(service("identity"));
    rig.driver.behaviour.put("identity", host -> host.after(LOOP, () -> host.exit(1)));
    rig.start("identity");
    rig.advance(60);
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.FAILED);

    rig.driver.behaviour.clear();
    CompletionStage<List<String>> start = rig.start("identity");
    assertThat(rig.driver.living()).as("at once").hasSize(1);
    rig.advance(1);
    assertThat(answer(start).get(0)).startsWith("identity-1 is READY");
    rig.host("identity").exit(1);
    rig.advance(1);
    assertThat(rig.status("identity").state())
        .as("its past is forgotten")
        .isEqualTo(InstanceState.READY);
  }

  @Test
  void aStartDuringTheDelayIsFreeToo() {
    Rig rig = new Rig(service("identity"));
    rig.driver.behaviour.put("identity", host -> host.after(LOOP, () -> host.exit(1)));
    rig.start("identity");
    rig.advance(10);
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.BACKOFF);
    int before = rig.driver.hosts.size();
    rig.start("identity");
    assertThat(rig.driver.hosts).hasSize(before + 1);
    rig.advance(3600);
    assertThat(rig.driver.hosts).as("a whole budget again").hasSize(before + 6);
  }

  @Test
  void failuresAreKeptWithinBounds() {
    Rig rig = new Rig(service("identity")).started();
    for (int crash = 1; crash <= 30; crash++) {
      rig.advance(61);
      rig.host("identity").exit(crash);
      rig.advance(1);
    }
    List<Failure> failures = rig.details("identity").failures();
    assertThat(failures).hasSize(20);
    assertThat(failures.get(0).exitCode()).as("newest first").hasValue(30);
    assertThat(failures.get(19).exitCode()).hasValue(11);
    assertThat(rig.status("identity").restarts()).isEqualTo(30);
  }

  @Test
  void aCrashEachTimeItHadBecomeStableIsNoticed() {
    Rig rig = new Rig(service("identity")).started();
    for (int crash = 1; crash <= 25; crash++) {
      rig.advance(61);
      rig.host("identity").exit(1);
      rig.advance(1);
      assertThat(rig.status("identity").state()).isEqualTo(InstanceState.READY);
    }
    assertThat(rig.journalLines())
        .filteredOn(line -> line.contains("within 24 h"))
        .hasSize(2)
        .first()
        .asString()
        .isEqualTo(
            "identity-1 STARTING: restarted 10 times within 24 h, though always within its"
                + " restart policy (supervisor)");
  }

  @Test
  void whenAllFallTogetherTheyComeBackInOrderAndNotAllAtOnce() {
    Rig rig =
        new Rig(
                2,
                service("storage"),
                service("identity", "storage"),
                service("ledger", "storage"),
                service("events", "storage"),
                service("indexer", "identity"))
            .started();
    rig.advance(100);
    List<FakeHost> fallen = rig.driver.living();
    rig.driver.mostStarting = 0;
    // those above are seen to fall first: the worst order
    for (int i = fallen.size() - 1; i >= 0; i--) {
      fallen.get(i).exit(137);
    }
    rig.advance(5);

    List<FakeHost> back = rig.driver.hosts.subList(fallen.size(), rig.driver.hosts.size());
    assertThat(back)
        .extracting(host -> host.id.service())
        .startsWith("storage")
        .containsExactlyInAnyOrder("storage", "identity", "ledger", "events", "indexer");
    assertThat(rig.driver.mostStarting).isLessThanOrEqualTo(2);
    assertThat(launchedAfter(rig, "indexer", "identity")).isTrue();
    assertThat(rig.engine.instances())
        .allSatisfy(one -> assertThat(one.health()).isEqualTo(InstanceHealth.HEALTHY));
  }

  @Test
  void thoseThatFellTogetherWaitDifferently() {
    Rig rig = new Rig(service("a"), service("b"), service("c")).started();
    Random random = new Random(42);
    rig.random = random::nextDouble;
    rig.driver.living().forEach(host -> host.exit(1));
    rig.advance(1);
    rig.driver.living().forEach(host -> host.exit(1));
    rig.advance(2);
    List<Long> launches =
        rig.driver.hosts.subList(6, 9).stream().map(host -> host.launched).distinct().toList();
    assertThat(launches).hasSize(3);
  }

  @Test
  void aSignalFromOutsideThatDrainsIsNamedAndThePolicyApplies() {
    Rig rig = new Rig(service("identity")).started();
    FakeHost host = rig.host("identity");
    rig.driver.events().draining(host.id, host.generation, "SIGTERM");
    rig.time.settle();
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.DRAINING);
    assertThat(rig.status("identity").message())
        .isEqualTo("drains, though nobody here asked (SIGTERM)");
    assertThat(host.received).isEmpty();
    host.exit(143);
    rig.advance(1);
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.READY);
    assertThat(rig.status("identity").restarts()).isEqualTo(1);
    assertThat(rig.status("identity").lastExit())
        .contains("ended from outside by SIGTERM, after a drain (SIGTERM)");
  }

  @Test
  void aDrainFromOutsideThatHangsIsEnded() {
    Rig rig = new Rig(service("identity")).started();
    FakeHost host = rig.host("identity");
    host.obeysTerm = false;
    rig.driver.events().draining(host.id, host.generation, "SIGTERM");
    rig.advance(29.9);
    assertThat(host.received).containsExactly("SIGTERM");
    rig.advance(0.2);
    assertThat(host.received).containsExactly("SIGTERM", "SIGKILL");
    assertThat(rig.status("identity").lastExit().orElseThrow())
        .startsWith("killed, because it did not end after a drain");
    assertThat(rig.status("identity").restarts()).isEqualTo(1);
  }

  @Test
  void aLongRunThatDrainedFromOutsideWasStable() {
    Rig rig = new Rig(service("identity")).started();
    for (int i = 0; i < 10; i++) {
      rig.advance(61);
      FakeHost host = rig.host("identity");
      rig.driver.events().draining(host.id, host.generation, "SIGTERM");
      rig.time.settle();
      host.exit(143);
      rig.advance(1);
      assertThat(rig.status("identity").state()).isEqualTo(InstanceState.READY);
    }
  }

  @Test
  void theKernelsKillIsNotAnOperators() {
    Rig rig = new Rig(service("identity")).started();
    rig.driver.findings = Findings.ofCgroupKill("cgroup limit 256 MB");
    rig.host("identity").exit(137);
    rig.time.settle();
    assertThat(rig.status("identity").lastExit()).contains("out of memory (cgroup limit 256 MB)");
  }

  @Test
  void lookingAtWhatIsLeftDelaysTheRestartOnlyALittle() {
    Rig rig = new Rig(service("identity")).started();
    rig.driver.looksAtRemains = false;
    rig.host("identity").exit(1);
    rig.advance(1.9);
    assertThat(rig.driver.hosts).hasSize(1);
    rig.advance(0.2);
    assertThat(rig.driver.hosts).hasSize(2);
    assertThat(rig.details("identity").failures().get(0).lastLogLines()).isEmpty();
  }

  @Test
  void whatComesLateFromAnEarlierProcessIsIgnored() {
    Rig rig = new Rig(service("identity")).started();
    InstanceId id = new InstanceId("identity", 1);
    rig.driver.behaviour.put("identity", host -> {});
    rig.host("identity").exit(1);
    rig.time.settle();
    HostEvents late = rig.driver.events();
    late.ready(id, 1, OptionalInt.empty(), Optional.empty());
    late.progress(id, 1, "old news");
    late.startFailed(id, 1, "old news");
    late.draining(id, 1, "old news");
    late.controlLost(id, 1);
    late.helloed(id, 1, Optional.empty());
    late.ready(new InstanceId("stranger", 1), 1, OptionalInt.empty(), Optional.empty());
    rig.time.settle();
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.STARTING);
    assertThat(rig.status("identity").message()).isEqualTo("waits for its handshake");
  }

  @Test
  void aWallClockThatJumpsChangesNothing() {
    Rig rig = new Rig(service("identity")).started();
    rig.driver.behaviour.put("identity", host -> host.after(LOOP, () -> host.exit(1)));
    rig.host("identity").exit(1);
    rig.time.setWallClock(Duration.ofHours(1));
    rig.advance(3);
    rig.time.setWallClock(Duration.ofHours(-2));
    rig.advance(3600);
    assertThat(rig.driver.hosts).hasSize(6);
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.FAILED);
  }

  private static List<Long> gapsMillis(Rig rig) {
    List<FakeHost> hosts = rig.driver.hosts;
    return IntStream.range(1, hosts.size())
        .mapToObj(i -> (hosts.get(i).launched - hosts.get(i - 1).launched) / 1_000_000)
        .toList();
  }

  private static boolean launchedAfter(Rig rig, String dependent, String dependency) {
    return rig.host(dependent).launched > rig.host(dependency).launched;
  }
}
