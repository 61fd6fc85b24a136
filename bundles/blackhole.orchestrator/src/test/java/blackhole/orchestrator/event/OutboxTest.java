package blackhole.orchestrator.event;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.events.v1.Event;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private final List<String> tried = new ArrayList<>();
  private final List<Duration> delays = new ArrayList<>();
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final Deque<Status> answers = new ArrayDeque<>();

  private final Outbox outbox =
      new Outbox(
          "run-",
          event -> {
            tried.add(event.getId());
            Status status = answers.isEmpty() ? Status.OK : answers.remove();
            return status.isOk()
                ? CompletableFuture.completedFuture(1L)
                : CompletableFuture.failedFuture(status.asRuntimeException());
          },
          (delay, task) -> {
            delays.add(delay);
            tasks.add(task);
          });

  private void offer(int count) {
    IntStream.range(0, count).forEach(i -> outbox.offer(Event.getDefaultInstance()));
  }

  private void runAll() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  @Test
  void nothingIsTriedUntilTheStreamIsThereAndThenAllInOrder() {
    offer(3);
    assertThat(tasks).isEmpty();
    outbox.open(true);
    assertThat(tried).isEmpty();
    runAll();
    assertThat(tried).containsExactly("run-1", "run-2", "run-3");
    assertThat(outbox.dropped()).isZero();
  }

  @Test
  void theOldestGoWhenTheStreamIsAwayForLong() {
    offer(Outbox.CAPACITY + 2);
    outbox.open(true);
    runAll();
    assertThat(tried).hasSize(Outbox.CAPACITY).startsWith("run-3");
    assertThat(outbox.dropped()).isEqualTo(2);
  }

  @Test
  void theSameComesAgainAfterGrowingDelaysAndNoOtherOvertakesIt() {
    IntStream.range(0, 8).forEach(i -> answers.add(Status.UNAVAILABLE));
    outbox.open(true);
    offer(2);
    runAll();
    assertThat(tried).hasSize(10).startsWith("run-1").endsWith("run-1", "run-2");
    assertThat(delays)
        .containsExactly(
            Duration.ZERO,
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(400),
            Duration.ofMillis(800),
            Duration.ofMillis(1600),
            Duration.ofMillis(3200),
            Outbox.LAST_DELAY,
            Outbox.LAST_DELAY,
            Duration.ZERO);
  }

  @Test
  void whatFailedWhileTheStreamWentIsTheFirstWhenItIsBack() {
    answers.add(Status.UNAVAILABLE);
    outbox.open(true);
    offer(2);
    tasks.remove().run();
    outbox.open(false);
    runAll();
    assertThat(tried).containsExactly("run-1");
    outbox.open(true);
    runAll();
    assertThat(tried).containsExactly("run-1", "run-1", "run-2");
  }

  @Test
  void whatIsRefusedForGoodIsCountedAndPassedOver() {
    answers.add(Status.INVALID_ARGUMENT);
    outbox.open(true);
    offer(2);
    runAll();
    assertThat(tried).containsExactly("run-1", "run-2");
    assertThat(outbox.dropped()).isEqualTo(1);
  }

  @Test
  void afterItsEndNothingIsTaken() {
    offer(2);
    outbox.close();
    offer(1);
    outbox.open(true);
    assertThat(tasks).isEmpty();
    assertThat(outbox.dropped()).isEqualTo(2);
  }
}
