package blackhole.orchestrator.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.orchestrator.scaling.Simulation.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the scaler makes of a load as it was: {@code recorded-cpu.csv} has the cores that a build of
 * this project and its tests used of two, second by second, with all its bursts, plateaus and
 * pauses. Stretched to a round each, and times a factor, it is taken for what is asked of a service
 * whose instances have a core each.
 */
class RecordedLoadTest {
  private static final List<Double> RECORDED = read();
  private static final double INTERVAL = Simulation.INTERVAL.toSeconds();
  private static final double THRESHOLD = Simulation.POLICY.cpuScaleThreshold();
  private static final double COOLDOWN_UP = Simulation.POLICY.scaleUpCooldown().toSeconds();
  private static final double COOLDOWN_DOWN = Simulation.POLICY.scaleDownCooldown().toSeconds();

  /** Rounds in a row, and the one in which a change begins. */
  private static final double REACTION = (Scaler.ROUNDS + 1) * INTERVAL;

  private static List<Double> read() {
    try (InputStream in = RecordedLoadTest.class.getResourceAsStream("recorded-cpu.csv")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().map(Double::valueOf).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double busy(double seconds) {
    return RECORDED.get(Math.min(RECORDED.size() - 1, (int) (seconds / INTERVAL)));
  }

  private static Simulation follow(double factor) {
    Simulation simulation = new Simulation();
    simulation.cpu = seconds -> factor * busy(seconds);
    return simulation.until(RECORDED.size() * INTERVAL);
  }

  /** Or the others would show nothing. */
  @Test
  void itIsFollowedBothWays() {
    assertThat(follow(0.7).steps).extracting(Step::to).startsWith(2, 1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.2, 0.3, 0.5, 0.7, 1, 1.3, 1.6, 2, 3})
  void itDoesNotFlap(double factor) {
    List<Step> steps = follow(factor).steps;
    for (int i = 1; i < steps.size(); i++) {
      double apart = steps.get(i).seconds() - steps.get(i - 1).seconds();
      boolean down = steps.get(i).to() < steps.get(i - 1).to();
      assertThat(apart).as("%s", steps).isGreaterThanOrEqualTo(down ? COOLDOWN_DOWN : COOLDOWN_UP);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.7, 1, 1.3, 1.6, 2, 3})
  void itIsNotOverloadedForLongWhileThereMayBeMore(double factor) {
    Simulation simulation = follow(factor);
    double overSince = Double.NaN;
    int before = Simulation.POLICY.minInstances();
    for (double at = 0; at < RECORDED.size() * INTERVAL; at += INTERVAL) {
      int instances = instances(simulation.steps, at);
      boolean over =
          factor * busy(at) / instances > THRESHOLD && instances < Simulation.POLICY.maxInstances();
      if (!over) {
        overSince = Double.NaN;
      } else if (Double.isNaN(overSince) || instances != before) {
        overSince = at;
      } else {
        assertThat(at - overSince).isLessThanOrEqualTo(COOLDOWN_UP + REACTION);
      }
      before = instances;
    }
  }

  /** Before what is done at this second. */
  private static int instances(List<Step> steps, double at) {
    return steps.stream()
        .filter(step -> step.seconds() < at)
        .reduce((earlier, later) -> later)
        .map(Step::to)
        .orElse(Simulation.POLICY.minInstances());
  }
}
