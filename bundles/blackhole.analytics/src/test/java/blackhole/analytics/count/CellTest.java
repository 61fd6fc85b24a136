package blackhole.analytics.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class CellTest {
  private static final List<Double> RANKS = List.of(0.0, 0.5, 0.9, 1.0);

  private static Observation event(int number) {
    return new Observation(
        number,
        "id-" + number,
        "a.b",
        "source-" + number % 100,
        0,
        number % 1000,
        Optional.of("subject-" + number),
        OptionalDouble.of(number));
  }

  private static Totals totals(Cell... cells) {
    Totals totals = new Totals();
    for (Cell cell : cells) {
      totals.add(cell);
    }
    return totals;
  }

  /** The bounds are several times what the sketches promise, as they draw lots. */
  @Test
  void countsExactlyAndEstimatesTheRest() {
    Cell cell = new Cell();
    for (int i = 0; i < 20_000; i++) {
      cell.add(event(i));
    }
    Totals totals = totals(cell);
    assertThat(totals.count()).isEqualTo(20_000);
    assertThat(totals.bytes()).isEqualTo(20L * 999 * 1000 / 2);
    assertThat(totals.distinctSources()).isCloseTo(100, within(10L));
    assertThat(totals.distinctSubjects()).isCloseTo(20_000, within(3000L));
    List<Double> values = totals.values(RANKS);
    assertThat(values.get(0)).isZero();
    assertThat(values.get(1)).isCloseTo(10_000, within(1200.0));
    assertThat(values.get(2)).isCloseTo(18_000, within(1200.0));
    assertThat(values.get(3)).isEqualTo(19_999);
    assertThat(cell.encode()).hasSizeLessThan(24_000);
  }

  /** Whatever is frequent enough is there, and a count is never too small. */
  @Test
  void knowsTheMostFrequentInABoundedSpace() {
    Cell one = new Cell();
    Cell two = new Cell();
    for (int i = 0; i < 30_000; i++) {
      String subject = i % 10 == 0 ? "often" : i % 20 == 1 ? "less" : "subject-" + i;
      (i % 3 == 0 ? one : two)
          .add(
              new Observation(
                  i,
                  "id-" + i,
                  "a.b",
                  "x".repeat(i % 2 == 0 ? 201 : 200),
                  0,
                  0,
                  Optional.of(subject),
                  OptionalDouble.empty()));
    }
    Totals totals = totals(Cell.decode(one.encode()), two);
    List<Ranked> top = totals.topSubjects(2);
    assertThat(top).extracting(Ranked::name).containsExactly("often", "less");
    assertThat(top.get(0).count()).isBetween(3000L, 3000L + 840);
    assertThat(top.get(0).count() - top.get(0).overcount()).isLessThanOrEqualTo(3000);
    assertThat(top.get(1).count()).isBetween(1500L, 1500L + 840);
    assertThat(totals.topSubjects(1000)).hasSizeLessThanOrEqualTo(96);
    // those that are too long are left out
    assertThat(totals.topSources(10)).containsExactly(new Ranked("x".repeat(200), 15_000, 0));
    assertThat(one.encode()).hasSizeLessThan(24_000);
  }

  /** So a version that knows none reads what is stored, and is read. */
  @Test
  void readsCountsOfBeforeThereWereNames() {
    Cell cell = new Cell();
    cell.add(event(1));
    byte[] encoded = cell.encode();
    byte[] frequent = cell.frequentSources().encode();
    int before =
        encoded.length
            - 2 * Integer.BYTES
            - frequent.length
            - cell.frequentSubjects().encode().length;
    Totals totals = totals(Cell.decode(Arrays.copyOf(encoded, before)));
    assertThat(totals.count()).isEqualTo(1);
    assertThat(totals.distinctSubjects()).isEqualTo(1);
    assertThat(totals.topSources(1)).isEmpty();
  }

  @Test
  void isTheSameAfterItWasStored() {
    Cell cell = new Cell();
    for (int i = 0; i < 5000; i++) {
      cell.add(event(i));
    }
    Totals before = totals(cell);
    Totals after = totals(Cell.decode(cell.encode()));
    assertThat(after.count()).isEqualTo(before.count());
    assertThat(after.bytes()).isEqualTo(before.bytes());
    assertThat(after.distinctSources()).isEqualTo(before.distinctSources());
    assertThat(after.distinctSubjects()).isEqualTo(before.distinctSubjects());
    assertThat(after.topSources(10)).isEqualTo(before.topSources(10));
    assertThat(after.topSubjects(10)).isEqualTo(before.topSubjects(10));
    assertThat(after.sizes(List.of(0.0, 1.0))).isEqualTo(before.sizes(List.of(0.0, 1.0)));
    assertThat(Cell.decode(new Cell().encode()).encode()).isEqualTo(new Cell().encode());
    assertThatThrownBy(() -> Cell.decode(new byte[] {9, 9}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void mergesWhatWasCountedApart() {
    Cell one = new Cell();
    Cell two = new Cell();
    for (int i = 0; i < 100; i++) {
      (i < 60 ? one : two).add(event(i));
    }
    Totals totals = totals(one, two);
    assertThat(totals.count()).isEqualTo(100);
    assertThat(totals.distinctSources()).isCloseTo(100, within(5L));
    assertThat(totals.sizes(List.of(0.0, 1.0))).containsExactly(0.0, 99.0);
    assertThat(totals(new Cell()).sizes(RANKS)).isEmpty();
  }
}
