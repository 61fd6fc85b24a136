package blackhole.telemetry.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  private static final Shape SHAPE = new Shape(1000, 100, 4);
  private static final InstanceKey ONE = new InstanceKey("storage", 1);
  private static final InstanceKey TWO = new InstanceKey("storage", 2);

  @TempDir Path directory;

  private static void put(History history, InstanceKey key, long second, double value)
      throws IOException {
    history.put(key, new Sample(second * 1000, Map.of("x", value)));
  }

  private static List<Point> points(
      History history, long from, long to, long step, Aggregate aggregate) throws IOException {
    return history.series(ONE, "x", new Range(from * 1000, to * 1000, step * 1000), aggregate);
  }

  @Test
  void makesOnePointOfTheSamplesOfAStep() throws IOException {
    try (History history = History.open(directory, SHAPE, 10)) {
      double[] values = {4, 2, 6, 10, 8, 12};
      for (int i = 0; i < values.length; i++) {
        put(history, ONE, 50 + i, values[i]);
      }
      assertThat(points(history, 50, 60, 3, Aggregate.AVERAGE))
          .containsExactly(new Point(50_000, 4), new Point(53_000, 10));
      assertThat(points(history, 50, 60, 3, Aggregate.MINIMUM))
          .containsExactly(new Point(50_000, 2), new Point(53_000, 8));
      assertThat(points(history, 50, 60, 3, Aggregate.MAXIMUM))
          .containsExactly(new Point(50_000, 6), new Point(53_000, 12));
      assertThat(points(history, 50, 60, 3, Aggregate.LAST))
          .containsExactly(new Point(50_000, 6), new Point(53_000, 12));
      assertThat(points(history, 51, 53, 1, Aggregate.LAST))
          .containsExactly(new Point(51_000, 2), new Point(52_000, 6));
      assertThat(points(history, 70, 90, 3, Aggregate.LAST)).isEmpty();
    }
  }

  @Test
  void aRateGoesOnOverTheRestartOfAProcess() throws IOException {
    try (History history = History.open(directory, SHAPE, 10)) {
      put(history, ONE, 50, 100);
      put(history, ONE, 51, 110);
      put(history, ONE, 52, 5); // another process, which counts anew
      put(history, ONE, 53, 8);
      assertThat(points(history, 51, 54, 1, Aggregate.RATE))
          .containsExactly(new Point(51_000, 10), new Point(52_000, 5), new Point(53_000, 3));
      assertThat(points(history, 50, 54, 4, Aggregate.RATE)).containsExactly(new Point(50_000, 6));
    }
  }

  @Test
  void isThereAgainAfterItWasClosed() throws IOException {
    try (History history = History.open(directory, SHAPE, 10)) {
      put(history, TWO, 50, 1);
      put(history, ONE, 50, 2);
    }
    try (History history = History.open(directory, SHAPE, 10)) {
      assertThat(history.metrics("storage").keySet()).containsExactly(ONE, TWO);
      assertThat(history.metrics("other")).isEmpty();
      assertThat(points(history, 50, 51, 1, Aggregate.LAST)).containsExactly(new Point(50_000, 2));
    }
  }

  @Test
  void takesWhatThereIsIntoAnotherShape() throws IOException {
    try (History history = History.open(directory, SHAPE, 10)) {
      for (int second = 50; second < 60; second++) {
        put(history, ONE, second, second);
      }
    }
    try (History history = History.open(directory, new Shape(2000, 10, 8), 10)) {
      assertThat(points(history, 50, 60, 2, Aggregate.LAST))
          .containsExactly(
              new Point(50_000, 51),
              new Point(52_000, 53),
              new Point(54_000, 55),
              new Point(56_000, 57),
              new Point(58_000, 59));
      put(history, ONE, 60, 60);
      assertThat(points(history, 60, 62, 2, Aggregate.LAST)).containsExactly(new Point(60_000, 60));
    }
  }

  @Test
  void keepsADamagedFileAsideAndGoesOn() throws IOException {
    Path file = directory.resolve(ONE + ".ring");
    Files.write(file, new byte[100]);
    try (History history = History.open(directory, SHAPE, 10)) {
      put(history, ONE, 50, 1);
      assertThat(points(history, 50, 51, 1, Aggregate.LAST)).hasSize(1);
    }
    assertThat(directory.resolve(ONE + ".ring.damaged")).hasSize(100);
  }

  @Test
  void hasABoundOnInstancesAndForgetsThoseThatAreGone() throws IOException {
    try (History history = History.open(directory, SHAPE, 1)) {
      put(history, ONE, 50, 1);
      put(history, TWO, 60, 1);
      assertThat(history.instances()).containsExactly(ONE);
      assertThat(history.numbers()).containsEntry("telemetry_refused_instances_total", 1.0);
      history.forgetBefore(50_000);
      assertThat(history.instances()).containsExactly(ONE);
      history.forgetBefore(50_001);
      assertThat(history.instances()).isEmpty();
      assertThat(directory).isEmptyDirectory();
      put(history, TWO, 61, 1);
      assertThat(history.instances()).containsExactly(TWO);
    }
  }
}
