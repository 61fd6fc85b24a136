package blackhole.orchestrator.supervision;

import static blackhole.orchestrator.supervision.Configs.service;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.service.HealthResult;
import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** What health checks lead to. */
class LivenessTest {
  @Test
  void healthIsAskedAtOnceAndThenAtIntervals() {
    Rig rig = new Rig(service("identity"));
    rig.start("identity");
    rig.advance(30.4);
    Duration first = rig.probes.get(0);
    assertThat(rig.probes)
        .extracting(probe -> probe.minus(first).toSeconds())
        .containsExactly(0L, 10L, 20L, 30L);
    rig.stop("identity");
    rig.advance(100);
    assertThat(rig.probes).as("nobody asks the dead").hasSize(4);
  }

  @Test
  void gradesAreShown() {
    Rig rig = new Rig(service("identity")).started();
    answerWith(rig, HealthResult.degraded("the disk is slow"));
    rig.advance(10);
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.DEGRADED);
    assertThat(rig.status("identity").message()).isEqualTo("the disk is slow");
    answerWith(rig, HealthResult.unhealthy("the disk is gone"));
    rig.advance(100);
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.UNHEALTHY);
    assertThat(rig.status("identity").state()).isEqualTo(InstanceState.READY);
    assertThat(rig.driver.hosts).as("a bad answer is an answer").hasSize(1);
    answerWith(rig, HealthResult.healthy());
    rig.advance(10);
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.HEALTHY);
    assertThat(rig.journalLines())
        .contains(
            "identity-1 READY: is degraded: the disk is slow (supervisor)",
            "identity-1 READY: is unhealthy: the disk is gone (supervisor)",
            "identity-1 READY: is healthy (supervisor)");
  }

  @Test
  void oneThatHangsIsKilledAndRestarted() {
    Rig rig = new Rig(service("identity"));
    rig.start("identity");
    rig.advance(0.4);
    rig.health.put("identity", Rig::silence);
    rig.advance(15);
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.UNREACHABLE);
    assertThat(rig.status("identity").message()).isEqualTo("a health check was not answered");
    rig.advance(19.9);
    assertThat(rig.driver.hosts).hasSize(1);
    assertThat(rig.status("identity").message())
        .isEqualTo("2 health checks in a row were not answered");
    rig.health.clear();
    rig.advance(0.2);
    assertThat(rig.driver.hosts.get(0).received)
        .as("it would not drain either")
        .containsExactly("SIGKILL");
    assertThat(rig.status("identity").lastExit())
        .contains("hung: 3 health checks in a row were not answered");
    rig.advance(1);
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.HEALTHY);
    assertThat(rig.status("identity").restarts()).isEqualTo(1);
    assertThat(rig.details("identity").failures().get(0).cause()).startsWith("hung");
  }

  @Test
  void oneThatCannotBeReachedAtAllHangsToo() {
    Rig rig = new Rig(service("identity")).started();
    rig.health.put(
        "identity",
        () -> CompletableFuture.failedFuture(new IllegalStateException("connection refused")));
    rig.advance(30);
    assertThat(rig.driver.hosts).hasSize(2);
    rig.health.put(
        "identity",
        () -> {
          throw new IllegalStateException("no channel");
        });
    rig.advance(40);
    assertThat(rig.driver.hosts.size()).isGreaterThan(2);
  }

  @Test
  void oneThatIsHaltedForAWhileComesBackWithoutARestart() {
    Rig rig = new Rig(service("identity")).started();
    List<CompletableFuture<HealthResult>> halted = new ArrayList<>();
    rig.health.put(
        "identity",
        () -> {
          CompletableFuture<HealthResult> answer = new CompletableFuture<>();
          halted.add(answer);
          return answer;
        });
    rig.advance(20);
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.UNREACHABLE);
    rig.health.clear();
    halted.forEach(answer -> answer.complete(HealthResult.healthy()));
    rig.advance(10);
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.HEALTHY);
    assertThat(rig.status("identity").restarts()).isZero();
    assertThat(rig.driver.hosts).hasSize(1);
    assertThat(rig.driver.hosts.get(0).received).isEmpty();
    assertThat(rig.journalLines())
        .contains("identity-1 READY: answers health checks again (supervisor)");
  }

  @Test
  void badAnswersNowAndThenAreNoHang() {
    Rig rig = new Rig(service("identity")).started();
    for (int i = 0; i < 20; i++) {
      rig.health.put("identity", Rig::silence);
      rig.advance(20);
      rig.health.clear();
      rig.advance(10);
    }
    assertThat(rig.driver.hosts).hasSize(1);
  }

  @Test
  void flappingIsNoticedOnceAndRestartsNothing() {
    Rig rig = new Rig(service("identity")).started();
    for (int i = 0; i < 50; i++) {
      answerWith(rig, HealthResult.unhealthy("no disk"));
      rig.advance(10);
      answerWith(rig, HealthResult.healthy());
      rig.advance(10);
    }
    assertThat(rig.driver.hosts).hasSize(1);
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.DEGRADED);
    assertThat(rig.status("identity").message())
        .isEqualTo("flaps: its health has changed 9 times in the last 10 checks");
    assertThat(rig.journal)
        .filteredOn(Journal.Entry::warning)
        .extracting(Journal.Entry::cause)
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("flaps: ");
    assertThat(rig.journal).as("no line for each check").hasSizeLessThan(12);

    rig.advance(100);
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.HEALTHY);
    assertThat(rig.status("identity").message()).isEmpty();
    assertThat(rig.journalLines())
        .contains("identity-1 READY: does not flap any more (supervisor)");
  }

  @Test
  void answersThatAreMissingNowAndThenAreFlappingToo() {
    Rig rig = new Rig(service("identity")).started();
    for (int i = 0; i < 3; i++) {
      rig.health.put("identity", Rig::silence);
      rig.advance(20);
      rig.health.clear();
      rig.advance(10);
    }
    assertThat(rig.status("identity").message()).startsWith("flaps: ");
    assertThat(rig.driver.hosts).hasSize(1);
  }

  @Test
  void anAnswerThatComesTooLateDoesNotCountForTheNext() {
    Rig rig = new Rig(service("identity"));
    rig.start("identity");
    rig.advance(0.4);
    CompletableFuture<HealthResult> late = new CompletableFuture<>();
    rig.health.put("identity", () -> late);
    rig.advance(10);
    rig.health.put("identity", Rig::silence);
    rig.advance(5);
    late.complete(HealthResult.healthy());
    rig.time.settle();
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.UNREACHABLE);
  }

  @Test
  void aLostControlStreamIsSaidAndNothingMore() {
    Rig rig = new Rig(service("identity")).started();
    FakeHost host = rig.host("identity");
    rig.driver.events().controlLost(host.id, host.generation);
    rig.time.settle();
    assertThat(rig.status("identity").health()).isEqualTo(InstanceHealth.HEALTHY);
    assertThat(rig.status("identity").message()).isEqualTo("its control stream is lost");
    host.hello();
    rig.time.settle();
    assertThat(rig.status("identity").message()).isEmpty();
  }

  private static void answerWith(Rig rig, HealthResult result) {
    rig.health.put("identity", () -> CompletableFuture.completedFuture(result));
  }
}
