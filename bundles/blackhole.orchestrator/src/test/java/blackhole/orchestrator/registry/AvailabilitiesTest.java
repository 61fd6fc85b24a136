package blackhole.orchestrator.registry;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.registry.Availability;
import blackhole.api.supervision.InstanceState;
import io.grpc.Deadline;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AvailabilitiesTest {
  private static final Availabilities.Instance HEALTHY = running(true, false);
  private static final Availabilities.Instance UNHEALTHY = running(false, false);
  private static final Availabilities.Instance STARTING =
      instance(InstanceState.STARTING, true, Optional.empty(), "");
  private static final Availabilities.Instance STOPPED =
      instance(InstanceState.STOPPED, false, Optional.empty(), "stopped by an operator");
  private static final Availabilities.Instance FAILED =
      instance(InstanceState.FAILED, false, Optional.empty(), "exit code 3");

  @Test
  void oneThatIsWellIsEnough() {
    assertThat(of(UNHEALTHY, STARTING, FAILED, HEALTHY)).isEqualTo(Availability.SERVING);
  }

  /** Else its calls would fail at once while another process is on its way. */
  @Test
  void oneThatIsUnhealthyIsNoReasonNotToWaitForAnother() {
    Availability availability = of(UNHEALTHY, STARTING);
    assertThat(availability.state()).isEqualTo(Availability.State.EXPECTED);
    assertThat(availability.reason()).isEqualTo("storage starts");
  }

  @Test
  void whereNobodyElseIsExpectedTheUnhealthySpeakForThemselves() {
    assertThat(of(UNHEALTHY, STOPPED, FAILED)).isEqualTo(Availability.SERVING);
  }

  @Test
  void oneThatLeavesIsExpectedBack() {
    assertThat(of(running(true, true)).state()).isEqualTo(Availability.State.EXPECTED);
  }

  @Test
  void theFirstToStartSaysWhen() {
    Deadline soon = Deadline.after(1, TimeUnit.MINUTES);
    Deadline late = Deadline.after(2, TimeUnit.MINUTES);
    Availability availability =
        of(
            instance(InstanceState.BACKOFF, true, Optional.of(late), "in 2 min"),
            instance(InstanceState.BACKOFF, true, Optional.of(soon), "in 1 min"));
    assertThat(availability.state()).isEqualTo(Availability.State.EXPECTED);
    assertThat(availability.reason()).isEqualTo("storage waits for its restart: in 1 min");
    assertThat(availability.expected()).contains(soon);
  }

  @Test
  void givenUpIsToldBeforeStopped() {
    assertThat(of(STOPPED, FAILED).state()).isEqualTo(Availability.State.FAILED);
    assertThat(of(STOPPED).reason()).isEqualTo("storage is stopped by an operator");
    assertThat(of().reason()).isEqualTo("storage does not run on this node");
  }

  private static Availability of(Availabilities.Instance... instances) {
    return Availabilities.of("storage", List.of(instances));
  }

  private static Availabilities.Instance running(boolean usable, boolean leaving) {
    return new Availabilities.Instance(
        InstanceState.READY, usable, leaving, false, Optional.empty(), "");
  }

  private static Availabilities.Instance instance(
      InstanceState state, boolean expected, Optional<Deadline> due, String message) {
    return new Availabilities.Instance(state, false, false, expected, due, message);
  }
}
