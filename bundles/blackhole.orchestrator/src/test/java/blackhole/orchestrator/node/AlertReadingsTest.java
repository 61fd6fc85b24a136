package blackhole.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.orchestrator.alert.Reading;
import blackhole.orchestrator.config.AlertRule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** When hosts and the disk are asked, and what is known when they do not answer. */
class AlertReadingsTest {
  private final Sources sources = new Sources();

  /** What waits for a thread, or hangs there: it has not ended until the test runs it. */
  private final Queue<Runnable> waiting = new ArrayDeque<>();

  private final AlertReadings readings = new AlertReadings(sources, waiting::add);
  private int read;

  private static final class Sources implements AlertReadings.Sources {
    private final List<CompletableFuture<List<Reading>>> asked = new ArrayList<>();
    private boolean broken;

    @Override
    public CompletionStage<List<Reading>> calls() {
      asked.add(new CompletableFuture<>());
      return asked.get(asked.size() - 1);
    }

    @Override
    public List<Reading> home() {
      if (broken) {
        throw new IllegalStateException("the disk");
      }
      return List.of(reading(AlertRule.DISK_FULL));
    }
  }

  private static Reading reading(AlertRule rule) {
    return new Reading(
        new Reading.Key(rule, Optional.empty(), "it"), Reading.Level.BAD, "words", "why");
  }

  private void ask(int times) {
    for (int i = 0; i < times; i++) {
      readings.ask(() -> read++);
    }
  }

  private List<AlertRule> known() {
    List<Reading> all = new ArrayList<>();
    Set<AlertRule> unknown = readings.addTo(all);
    List<AlertRule> known = all.stream().map(one -> one.key().rule()).toList();
    assertThat(known).noneMatch(unknown::contains);
    return known;
  }

  @Test
  void nobodyWaitsForADiskThatHangsAndItIsNotAskedAgain() {
    ask(100);
    assertThat(waiting).hasSize(1);
    assertThat(known()).isEmpty();
    assertThat(readings.addTo(new ArrayList<>()))
        .contains(AlertRule.DISK_FULL, AlertRule.CERTIFICATE_EXPIRED, AlertRule.BREAKER_OPEN);
    waiting.remove().run();
    assertThat(read).isEqualTo(1);
    assertThat(known()).containsExactly(AlertRule.DISK_FULL);
  }

  @Test
  void readingFilesThatFailsIsSaidAndOver() {
    sources.broken = true;
    ask(1);
    waiting.remove().run();
    assertThat(read).as("a look without them").isEqualTo(1);
    assertThat(known()).isEmpty();
  }

  @Test
  void hostsAreAskedNowAndThenAndKnownByWhatTheySaidLast() {
    ask(3);
    assertThat(sources.asked).hasSize(1);
    sources.asked.get(0).complete(List.of(reading(AlertRule.BREAKER_OPEN)));
    assertThat(known()).containsExactly(AlertRule.BREAKER_OPEN);
    ask(1);
    sources.asked.get(1).completeExceptionally(new IllegalStateException("nobody answers"));
    assertThat(known()).containsExactly(AlertRule.BREAKER_OPEN);
    ask(3);
    sources.asked.get(2).complete(List.of());
    assertThat(known()).isEmpty();
    assertThat(readings.addTo(new ArrayList<>())).doesNotContain(AlertRule.BREAKER_OPEN);
  }
}
