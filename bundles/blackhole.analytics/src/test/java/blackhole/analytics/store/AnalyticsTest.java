package blackhole.analytics.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.analytics.count.Observation;
import blackhole.analytics.count.TypePattern;
import blackhole.analytics.count.Window;
import blackhole.analytics.store.Analytics.Question;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalyticsTest {
  private static final Limits LIMITS = new Limits(10, 5, 3, 3, 1 << 20);
  private static final Duration NEVER = Duration.ofHours(1);
  private static final long NOW = Instant.parse("2026-11-29T12:30:30Z").toEpochMilli();

  @TempDir Path directory;

  private Analytics analytics;
  private long position;

  @BeforeEach
  void open() throws IOException {
    analytics = open(NOW);
  }

  private Analytics open(long now) throws IOException {
    return Analytics.open(
        directory, LIMITS, NEVER, Clock.fixed(Instant.ofEpochMilli(now), ZoneOffset.UTC));
  }

  @AfterEach
  void close() {
    analytics.close();
  }

  private static Observation event(long position, String type, long time) {
    return new Observation(
        position,
        "id-" + position,
        type,
        "source",
        time,
        10,
        Optional.empty(),
        OptionalDouble.empty());
  }

  private void add(String type, long time) {
    analytics.add(event(++position, type, time));
  }

  private static Question question(Window window, String types) {
    return new Question(window, 0, Long.MAX_VALUE, TypePattern.matcher(types));
  }

  private static Within patience() {
    return Within.of(Duration.ofSeconds(60));
  }

  private long count(Window window, String types) {
    return analytics
        .whole(question(window, types), patience())
        .map(s -> s.totals().count())
        .orElse(0L);
  }

  @Test
  void countsInEveryWindowBeforeAndAfterTheSave() {
    add("a.b", NOW);
    add("a.b", NOW - 60_000);
    add("a.c", NOW - 3_600_000);
    for (int round = 0; round < 2; round++) {
      assertThat(analytics.windows(question(Window.MINUTE, "a.*"), 100, patience()))
          .extracting(Summary::start)
          .containsExactly(Window.MINUTE.startOf(NOW - 60_000), Window.MINUTE.startOf(NOW));
      assertThat(count(Window.MINUTE, "")).isEqualTo(2);
      assertThat(count(Window.HOUR, "a.b")).isEqualTo(2);
      assertThat(count(Window.HOUR, "")).isEqualTo(3);
      assertThat(count(Window.DAY, "a.c")).isEqualTo(1);
      assertThat(analytics.types(question(Window.DAY, ""), patience()).get("a.b").totals().bytes())
          .isEqualTo(20);
      assertThat(analytics.windows(question(Window.HOUR, ""), 1, patience()))
          .extracting(Summary::start)
          .containsExactly(Window.HOUR.startOf(NOW - 3_600_000));
      analytics.save();
    }
  }

  @Test
  void goesOnWhereItWas() throws IOException {
    add("a.b", NOW);
    add("a.b", NOW);
    analytics.close();
    analytics = open(NOW);
    assertThat(analytics.position()).isEqualTo(2);
    add("a.b", NOW);
    assertThat(count(Window.MINUTE, "a.b")).isEqualTo(3);
    assertThat(analytics.numbers()).containsEntry("analytics_events_total", 3.0);
  }

  @Test
  void countsWhatComesAgainOnce() {
    add("a.b", NOW);
    add("a.b", NOW);
    analytics.add(event(1, "a.b", NOW));
    analytics.add(event(2, "a.b", NOW));
    assertThat(count(Window.DAY, "")).isEqualTo(2);
    assertThat(analytics.numbers()).containsEntry("analytics_repeated_total", 2.0);
  }

  @Test
  void goesOnWithAStreamThatBeganAnew() {
    analytics.add(event(5000, "a.b", NOW));
    analytics.add(event(1, "a.b", NOW));
    analytics.add(event(2, "a.b", NOW));
    assertThat(count(Window.DAY, "")).isEqualTo(3);
    assertThat(analytics.position()).isEqualTo(2);
  }

  @Test
  void asksForTheLastEventAgainToSeeThatTheStreamIsTheSame() throws IOException {
    assertThat(analytics.from()).isEqualTo(1);
    add("a.b", NOW);
    add("a.b", NOW);
    analytics.close();
    analytics = open(NOW);
    assertThat(analytics.from()).isEqualTo(2);
    analytics.add(event(2, "a.b", NOW));
    analytics.add(event(3, "a.b", NOW));
    assertThat(count(Window.DAY, "")).isEqualTo(3);
    assertThat(analytics.replacedStreams()).isZero();
  }

  /** It has come further than what was counted, so that its positions alone say nothing. */
  @Test
  void noticesAStreamThatWasReplacedByALongerOne() throws IOException {
    add("a.b", NOW);
    add("a.b", NOW);
    analytics.close();
    analytics = open(NOW);
    analytics.add(
        new Observation(
            2, "other", "a.b", "source", NOW, 10, Optional.empty(), OptionalDouble.empty()));
    analytics.add(event(3, "a.b", NOW));
    assertThat(count(Window.DAY, "")).isEqualTo(4);
    assertThat(analytics.replacedStreams()).isEqualTo(1);
    assertThat(analytics.numbers()).containsEntry("analytics_replaced_streams_total", 1.0);
    analytics.close();
    analytics = open(NOW);
    assertThat(analytics.from()).isEqualTo(3);
  }

  @Test
  void leavesOutWhatIsTooOldAndTakesTheFutureForNow() {
    add("a.b", NOW - 11 * 60_000);
    add("a.b", NOW - 4 * 86_400_000L);
    add("a.b", NOW + 86_400_000L);
    assertThat(count(Window.MINUTE, "")).isEqualTo(1);
    assertThat(count(Window.HOUR, "")).isEqualTo(2);
    assertThat(count(Window.DAY, "")).isEqualTo(2);
    assertThat(analytics.numbers())
        .containsEntry("analytics_events_total", 3.0)
        .containsEntry("analytics_late_total", 2.0);
  }

  @Test
  void tellsOnlySoManyTypesApart() {
    for (int i = 0; i < 10; i++) {
      add("type-" + i, NOW);
    }
    assertThat(analytics.types(question(Window.DAY, ""), patience()))
        .containsOnlyKeys("type-0", "type-1", "type-2", "(other)");
    assertThat(count(Window.DAY, "(other)")).isEqualTo(7);
    assertThat(count(Window.DAY, "")).isEqualTo(10);
  }

  @Test
  void forgetsWindowsAndThenTypes() throws IOException {
    add("a.b", NOW);
    add("a.c", NOW);
    add("a.d", NOW);
    analytics.close();
    analytics = open(NOW + 2 * 3_600_000L);
    analytics.save();
    assertThat(count(Window.MINUTE, "")).isZero();
    assertThat(count(Window.HOUR, "")).isEqualTo(3);
    analytics.close();
    analytics = open(NOW + 4 * 86_400_000L);
    analytics.save();
    assertThat(count(Window.DAY, "")).isZero();
    add("a.new", NOW + 4 * 86_400_000L);
    assertThat(count(Window.DAY, "a.new")).isEqualTo(1);
  }

  /** More cells than stay in memory: they are saved and come back. */
  @Test
  void keepsABoundedNumberOfCellsInMemory() {
    for (int i = 0; i < 50; i++) {
      add("a.b", NOW - (i % 10) * 60_000L);
      add("a.c", NOW - (i % 5) * 3_600_000L);
      add("a.d", NOW - (i % 10) * 60_000L);
    }
    assertThat(count(Window.HOUR, "a.b")).isEqualTo(50);
    assertThat(count(Window.HOUR, "a.c")).isEqualTo(50);
    assertThat(count(Window.MINUTE, "")).isEqualTo(110);
    assertThat(analytics.numbers().get("analytics_open_cells")).isLessThanOrEqualTo(24);
  }

  @Test
  void countsNothingOnceItIsClosed() {
    analytics.close();
    assertThatThrownBy(() -> add("a.b", NOW)).isInstanceOf(IllegalStateException.class);
  }
}
