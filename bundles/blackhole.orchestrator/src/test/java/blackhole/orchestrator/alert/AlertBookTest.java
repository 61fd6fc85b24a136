package blackhole.orchestrator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.Alerts.Alert;
import blackhole.orchestrator.alert.Reading.Key;
import blackhole.orchestrator.alert.Reading.Level;
import blackhole.orchestrator.config.AlertRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When alerts are raised and resolved, by a clock that the test moves. */
class AlertBookTest {
  private static final Key KEY = new Key(AlertRule.UNHEALTHY, Optional.of("storage"), "storage-1");
  private static final Duration RAISE = Duration.ofSeconds(60);
  private static final Duration RESOLVE = Duration.ofSeconds(20);

  private AlertBook book = newBook();
  private long seconds;

  private static AlertBook newBook() {
    return new AlertBook(rule -> new AlertBook.Delays(RAISE, RESOLVE));
  }

  private static Reading reading(Level level) {
    return new Reading(KEY, level, "storage-1 is unhealthy", "the disk");
  }

  private Instant now() {
    return Instant.EPOCH.plusSeconds(seconds);
  }

  private long nanos() {
    // monotonic time begins anywhere
    return Long.MAX_VALUE - 5 + seconds * 1_000_000_000;
  }

  /** Ten seconds later. */
  private List<AlertBook.Turn> look(Level... levels) {
    seconds += 10;
    return book.look(
        List.of(levels).stream().map(AlertBookTest::reading).toList(), Set.of(), nanos(), now());
  }

  private int raised(Level level, int looks) {
    return IntStream.range(0, looks).map(unused -> look(level).size()).sum();
  }

  private List<Alert> alerts() {
    return book.alerts(nanos());
  }

  @Test
  void isRaisedOnceWhenItWasBadForLongEnough() {
    assertThat(raised(Level.BAD, 6)).isZero();
    List<AlertBook.Turn> turns = look(Level.BAD);
    assertThat(turns)
        .singleElement()
        .satisfies(turn -> assertThat(turn.begun()).isTrue())
        .satisfies(turn -> assertThat(turn.alert().name()).isEqualTo("unhealthy"))
        .satisfies(turn -> assertThat(turn.alert().since()).isEqualTo(now()));
    assertThat(raised(Level.BAD, 50)).isZero();
    assertThat(alerts()).hasSize(1);
  }

  @Test
  void isResolvedOnceWhenItWasGoodForLongEnough() {
    raised(Level.BAD, 7);
    assertThat(raised(Level.GOOD, 2)).isZero();
    assertThat(look(Level.GOOD)).singleElement().matches(turn -> !turn.begun());
    assertThat(raised(Level.GOOD, 10)).isZero();
    assertThat(alerts())
        .singleElement()
        .matches(alert -> alert.resolved().isPresent() && alert.message().contains("storage-1"));
  }

  @Test
  void whatSwingsIsOneAlertOrNone() {
    for (int i = 0; i < 50; i++) {
      assertThat(raised(Level.BAD, 5) + raised(Level.BETWEEN, 1)).isZero();
    }
    raised(Level.BAD, 7);
    for (int i = 0; i < 50; i++) {
      assertThat(raised(Level.GOOD, 2) + raised(i % 2 == 0 ? Level.BETWEEN : Level.BAD, 1))
          .isZero();
    }
    assertThat(alerts()).singleElement().matches(alert -> alert.resolved().isEmpty());
  }

  @Test
  void nothingBeginsOrEndsWhileItIsHeld() {
    assertThat(raised(Level.BAD, 5) + raised(Level.HELD, 20) + raised(Level.BAD, 6)).isZero();
    assertThat(look(Level.BAD)).hasSize(1);
    assertThat(raised(Level.HELD, 50)).isZero();
    assertThat(alerts().get(0).resolved()).isEmpty();
  }

  @Test
  void whatIsGoneIsOverUnlessNobodyHasLooked() {
    raised(Level.BAD, 7);
    for (int i = 0; i < 10; i++) {
      seconds += 10;
      assertThat(book.look(List.of(), Set.of(AlertRule.UNHEALTHY), nanos(), now())).isEmpty();
    }
    assertThat(look()).isEmpty();
    assertThat(look()).isEmpty();
    assertThat(look()).singleElement().matches(turn -> !turn.begun());
  }

  @Test
  void nobodyIsToldWhileItIsSilent() {
    book.silence("unhealthy/storage", Duration.ofSeconds(300), nanos(), now());
    assertThat(raised(Level.BAD, 20)).isZero();
    assertThat(alerts().get(0).silencedUntil()).contains(Instant.EPOCH.plusSeconds(300));
    assertThat(raised(Level.BAD, 9)).isZero();
    assertThat(look(Level.BAD)).as("it still holds").hasSize(1);
    assertThat(alerts().get(0).silencedUntil()).isEmpty();

    assertThat(book.silence("unhealthy", Duration.ofSeconds(300), nanos(), now())).hasSize(1);
    assertThat(raised(Level.GOOD, 3)).as("whoever was told hears the end").isEqualTo(1);
    assertThat(alerts().get(0).silencedUntil()).isEmpty();

    assertThat(raised(Level.BAD, 7)).isZero();
    assertThat(raised(Level.GOOD, 3)).as("whoever was not told does not").isZero();
    assertThat(alerts().get(0).silencedUntil()).isPresent();

    raised(Level.BAD, 7);
    book.silence("unhealthy", Duration.ZERO, nanos(), now());
    assertThat(look(Level.BAD)).hasSize(1);
  }

  @Test
  void aRestartTellsNothingTwice(@TempDir Path folder) throws Exception {
    AlertFile file = new AlertFile(folder.resolve("alerts.json"));
    assertThat(file.read()).isEqualTo(Kept.NOTHING);
    raised(Level.BAD, 7);
    raised(Level.GOOD, 3);
    raised(Level.BAD, 7);
    book.silence("event_lag", Duration.ofSeconds(500), nanos(), now());
    final List<Alert> before = alerts();
    Kept kept = book.kept(nanos());
    file.write(kept);
    assertThat(new AlertFile(folder.resolve("alerts.json")).read()).isEqualTo(kept);

    book = newBook();
    seconds += 100;
    book.restore(file.read(), nanos(), now());
    assertThat(alerts()).isEqualTo(before).hasSize(2);
    assertThat(raised(Level.HELD, 5)).isZero();
    assertThat(raised(Level.BAD, 10)).isZero();
    assertThat(raised(Level.GOOD, 3)).isEqualTo(1);
    assertThat(book.kept(nanos()).silences()).containsOnlyKeys("event_lag");
    seconds += 500;
    assertThat(book.kept(nanos()).silences()).isEmpty();

    Files.writeString(folder.resolve("alerts.json"), "{\"alerts\": [{");
    assertThat(file.read()).isEqualTo(Kept.NOTHING);
  }

  @Test
  void onlySoManyThatAreOverAreKept() {
    for (int i = 0; i < AlertBook.KEPT + 10; i++) {
      raised(Level.BAD, 7);
      raised(Level.GOOD, 3);
    }
    assertThat(alerts()).hasSizeLessThanOrEqualTo(AlertBook.KEPT).hasSizeGreaterThan(50);
    seconds += AlertBook.KEPT_FOR.toSeconds();
    look(Level.GOOD);
    assertThat(alerts()).isEmpty();
  }
}
