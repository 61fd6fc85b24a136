package blackhole.orchestrator.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import blackhole.api.observe.Span;
import blackhole.api.observe.Step;
import blackhole.api.supervision.InstanceState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The order of things, and the way back, on instances that are values. */
class RolloutTest {
  private static final Rollout.Build OLD = new Rollout.Build("1.0.0", Path.of("old.jar"));
  private static final Rollout.Build NEW = new Rollout.Build("2.0.0", Path.of("new.jar"));

  private final Instances fleet = new Instances();
  private final List<Span> spans = new ArrayList<>();
  private final Step trace = Instances.trace(spans, "update s");
  private String inForce = OLD.version();

  private Rollout.Done run() throws Exception {
    return rollout(OLD, NEW).run(() -> force(NEW), () -> force(OLD));
  }

  private Rollout rollout(Rollout.Build from, Rollout.Build to) {
    return new Rollout(
        fleet,
        "s",
        from,
        to,
        false,
        Duration.ofSeconds(1),
        "shell",
        fleet.did::add,
        at -> {},
        trace);
  }

  private void force(Rollout.Build build) {
    inForce = build.version();
    fleet.did.add("in force: " + inForce);
  }

  @Test
  void oneAfterTheOtherAndThenItIsInForce() throws Exception {
    fleet.add(1, InstanceState.READY);
    fleet.add(2, InstanceState.READY);
    fleet.add(3, InstanceState.STOPPED);

    assertThat(run().instances()).isEqualTo(2);

    assertThat(fleet.did)
        .containsExactly(
            "update 1 to new.jar",
            "s-1: has 2.0.0, and is watched",
            "observe 1",
            "update 2 to new.jar",
            "s-2: has 2.0.0, and is watched",
            "observe 2",
            "in force: 2.0.0");
  }

  @Test
  void allGoBackWhenOneIsWrong() {
    fleet.add(1, InstanceState.READY);
    fleet.add(2, InstanceState.READY);
    fleet.wrong = Map.of(2, "it is unhealthy");

    assertThatExceptionOfType(Rollout.FailedException.class)
        .isThrownBy(this::run)
        .withMessage("s-2: it is unhealthy");

    assertThat(inForce).isEqualTo("1.0.0");
    assertThat(fleet.did)
        .filteredOn(line -> line.startsWith("update"))
        .containsExactly(
            "update 1 to new.jar",
            "update 2 to new.jar",
            "update 2 to old.jar",
            "update 1 to old.jar");
  }

  @Test
  void eachPhaseIsASpanAndTheHostIsToldOfIts() {
    fleet.add(1, InstanceState.READY);
    fleet.add(2, InstanceState.READY);
    fleet.wrong = Map.of(2, "it is unhealthy");

    assertThatExceptionOfType(Rollout.FailedException.class).isThrownBy(this::run);
    trace.close();

    assertThat(spans)
        .extracting(span -> span.name() + ": " + span.error())
        .containsExactly(
            "update s-1 to 2.0.0: ",
            "verify s-1: ",
            "update s-2 to 2.0.0: ",
            "verify s-2: it is unhealthy",
            "update s-2 to 1.0.0: ",
            "update s-1 to 1.0.0: ",
            "update s: ");
    Span update = spans.get(spans.size() - 1);
    assertThat(update.parentId()).isEmpty();
    assertThat(spans.subList(0, 6)).extracting(Span::parentId).containsOnly(update.id());
    assertThat(fleet.traceparents)
        .hasSize(4)
        .first()
        .isEqualTo("00-" + update.traceId() + "-" + spans.get(0).id() + "-01");
  }

  @Test
  void whatTheHostRefusesIsTouchedByNothingElse() {
    fleet.add(1, InstanceState.READY);
    fleet.add(2, InstanceState.READY);
    fleet.problem = "does not resolve";

    assertThatExceptionOfType(Rollout.FailedException.class)
        .isThrownBy(this::run)
        .withMessage("s-1: does not resolve");

    assertThat(fleet.did).containsExactly("update 1 to new.jar", "in force: 1.0.0");
  }

  @Test
  void aHostThatIsGoneIsNoReasonToWait() {
    fleet.add(1, InstanceState.READY);
    fleet.lost = true;

    assertThatExceptionOfType(Rollout.FailedException.class)
        .isThrownBy(this::run)
        .withMessage("s-1: the connection was lost");
    assertThat(inForce).isEqualTo("1.0.0");
  }

  /** It is how a service is mended that cannot start. */
  @Test
  void whoWaitsForItsNextStartGetsItNow() throws Exception {
    fleet.add(1, InstanceState.BACKOFF);

    assertThat(run().instances()).isZero();

    assertThat(fleet.did)
        .containsExactly("in force: 2.0.0", "s-1: is started with 2.0.0", "restart 1", "observe 1");
  }

  @Test
  void whoCannotBeStartedWithItLeavesTheOldOneInForce() {
    fleet.add(1, InstanceState.BACKOFF);
    fleet.starts = false;

    assertThatExceptionOfType(Rollout.FailedException.class)
        .isThrownBy(this::run)
        .withMessage("s-1: it did not start");
    assertThat(inForce).isEqualTo("1.0.0");
  }

  /** What an orchestrator does that finds an update of one that was killed. */
  @Test
  void afterAKillAllThatRunAreToldWhatIsInForce() throws Exception {
    fleet.add(1, InstanceState.READY);
    fleet.add(2, InstanceState.STOPPED);
    fleet.add(3, InstanceState.READY);

    rollout(OLD, OLD).settle();

    assertThat(fleet.did).containsExactly("update 1 to old.jar", "update 3 to old.jar");
    assertThat(fleet.reserved).isZero();
  }

  @Test
  void afterAKillWhoCannotGoBackInPlaceIsStartedAnew() throws Exception {
    fleet.add(1, InstanceState.READY);
    fleet.problem = "another update is under way";
    rollout(OLD, OLD).settle();
    fleet.lost = true;
    rollout(OLD, OLD).settle();

    assertThat(fleet.did)
        .containsExactly("update 1 to old.jar", "restart 1", "update 1 to old.jar", "restart 1");
    assertThat(fleet.reserved).isZero();
  }
}
