package blackhole.orchestrator.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import blackhole.api.observe.Span;
import blackhole.api.observe.Step;
import blackhole.api.supervision.InstanceState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order of things, and the way back, on instances that are values. */
class ReplacementsTest {
  private final Instances fleet = new Instances();
  private final List<Span> spans = new ArrayList<>();
  private final Step trace = Instances.trace(spans, "replace s");

  @AfterEach
  void nothingStaysReserved() {
    assertThat(fleet.reserved).isZero();
  }

  private int run(Replacements.Change change) throws Exception {
    return new Replacements(fleet, "s", Duration.ofSeconds(1), "shell", step -> {}, at -> {}, trace)
        .run(change);
  }

  private Replacements.Change change() {
    return new Replacements.Change(
        () -> fleet.did.add("forward"), () -> fleet.did.add("back"), false);
  }

  @Test
  void oneServesMoreThanBeforeUntilAllAreReplaced() throws Exception {
    fleet.add(1, InstanceState.READY);
    fleet.add(2, InstanceState.READY);

    assertThat(run(change())).isEqualTo(2);

    assertThat(fleet.did)
        .containsExactly(
            "forward",
            "stands in: 3",
            "observe 3",
            "restart 1",
            "observe 1",
            "restart 2",
            "observe 2",
            "goes: 3");
    assertThat(spans)
        .extracting(Span::name)
        .containsExactly(
            "stand in", "verify s-3", "replace s-1", "verify s-1", "replace s-2", "verify s-2");
  }

  @Test
  void whatCannotStartTouchesNothing() {
    fleet.add(1, InstanceState.READY);
    fleet.starts = false;

    assertThatExceptionOfType(Replacements.FailedException.class)
        .isThrownBy(() -> run(change()))
        .withMessage("it did not start");

    assertThat(fleet.did).containsExactly("forward", "stands in: 2", "goes: 2", "back");
  }

  /** It may have been done in half: a file that is written, and a node that does not follow. */
  @Test
  void whatCannotBePutInForceIsTakenBack() {
    fleet.add(1, InstanceState.READY);
    IOException full = new IOException("the disk is full");
    Replacements.Change failing =
        new Replacements.Change(
            () -> {
              throw full;
            },
            () -> {
              fleet.did.add("back");
              throw new IOException("and stays so");
            },
            true);

    assertThatIOException().isThrownBy(() -> run(failing)).isSameAs(full);

    assertThat(fleet.did).containsExactly("back");
    assertThat(full.getSuppressed()).hasSize(1);
  }

  @Test
  void whoWasReplacedGoesBackWhileAnotherStandsIn() {
    fleet.add(1, InstanceState.READY);
    fleet.add(2, InstanceState.READY);
    fleet.wrong = Map.of(2, "it is unhealthy");

    assertThatExceptionOfType(Replacements.FailedException.class)
        .isThrownBy(() -> run(change()))
        .withMessage("s-2: it is unhealthy");

    assertThat(fleet.did)
        .filteredOn(line -> !line.startsWith("observe"))
        .containsExactly(
            "forward",
            "stands in: 3",
            "restart 1",
            "restart 2",
            "back",
            "restart 2",
            "restart 1",
            "goes: 3");
  }

  @Test
  void whereOneWriterMayRunOneEndsBeforeTheNextStarts() throws Exception {
    fleet.add(1, InstanceState.READY);
    fleet.noStandIn = Optional.of("one process at a time may use its data");

    assertThat(run(change())).isEqualTo(1);

    assertThat(fleet.did).containsExactly("forward", "restart 1", "observe 1");
  }

  @Test
  void aMethodThatIsGoneIsNoticedInTheOneThatStandsIn() {
    fleet.add(1, InstanceState.READY);
    fleet.serves = Set.of("s.S/Get");

    assertThatExceptionOfType(Replacements.FailedException.class)
        .isThrownBy(() -> run(change()))
        .withMessageContaining("it lacks s.S/Put");

    assertThat(fleet.did).containsExactly("forward", "stands in: 2", "goes: 2", "back");
  }

  @Test
  void newProcessesOfTheSameHaveNothingToGoBackTo() {
    fleet.add(1, InstanceState.READY);
    fleet.add(2, InstanceState.STOPPED);
    fleet.wrong = Map.of(1, "it is unhealthy");

    assertThatExceptionOfType(Replacements.FailedException.class)
        .isThrownBy(() -> run(Replacements.Change.NONE));

    assertThat(fleet.did)
        .containsExactly("stands in: 3", "observe 3", "restart 1", "observe 1", "goes: 3");
  }
}
