package blackhole.orchestrator.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import blackhole.api.supervision.InstanceHealth;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.InstanceStatus;
import blackhole.api.supervision.SupervisionException;
import blackhole.control.v1.Update;
import blackhole.control.v1.UpdateResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The order of things, and the way back, on instances that are values. */
class RolloutTest {
  private static final Rollout.Build OLD = new Rollout.Build("1.0.0", Path.of("old.jar"));
  private static final Rollout.Build NEW = new Rollout.Build("2.0.0", Path.of("new.jar"));

  private final Instances fleet = new Instances();
  private String inForce = OLD.version();

  private Rollout.Done run() throws Exception {
    return new Rollout(
            fleet, "s", OLD, NEW, false, Duration.ofSeconds(1), "shell", fleet.did::add, at -> {})
        .run(() -> force(NEW), () -> force(OLD));
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

  private static final class Instances implements Fleet {
    final List<String> did = new ArrayList<>();
    private final Map<InstanceId, InstanceStatus> all = new LinkedHashMap<>();
    Map<Integer, String> wrong = Map.of();
    String problem = "";
    boolean lost;
    boolean starts = true;

    void add(int number, InstanceState state) {
      InstanceId id = new InstanceId("s", number);
      all.put(
          id,
          new InstanceStatus(
              id,
              state,
              InstanceHealth.HEALTHY,
              "",
              state == InstanceState.READY ? OptionalLong.of(number) : OptionalLong.empty(),
              Optional.empty(),
              Optional.empty(),
              0,
              Optional.empty(),
              Optional.empty(),
              Path.of("s.sock"),
              OptionalInt.empty(),
              Optional.of("1.0.0")));
    }

    @Override
    public List<InstanceStatus> instances() {
      return List.copyOf(all.values());
    }

    @Override
    public CompletionStage<UpdateResult> update(
        InstanceId id, Update order, Duration timeout, Consumer<String> progress) {
      did.add("update " + id.instance() + " to " + order.getFile());
      return lost
          ? CompletableFuture.failedFuture(new SupervisionException("the connection was lost"))
          : CompletableFuture.completedFuture(
              UpdateResult.newBuilder().setServing(true).setProblem(problem).build());
    }

    @Override
    public CompletionStage<List<String>> restart(InstanceId id, String who) {
      did.add("restart " + id.instance());
      if (starts) {
        add(id.instance(), InstanceState.READY);
      }
      return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public Optional<String> observe(InstanceId id, OptionalLong pid) {
      did.add("observe " + id.instance());
      return Optional.ofNullable(wrong.get(id.instance()));
    }
  }
}
