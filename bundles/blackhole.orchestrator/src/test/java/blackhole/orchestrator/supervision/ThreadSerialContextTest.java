package blackhole.orchestrator.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadSerialContextTest {
  private final ThreadSerialContext context = new ThreadSerialContext("test");

  @AfterEach
  void close() {
    context.close();
  }

  @Test
  void tasksRunInOrderAndNeverWithinEachOther() throws Exception {
    List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch done = new CountDownLatch(1);
    context.execute(
        () -> {
          context.execute(() -> ran.add(2));
          context.execute(done::countDown);
          ran.add(1);
        });
    await(done);
    assertThat(ran).containsExactly(1, 2);
  }

  @Test
  void aTaskThatThrowsDoesNotEndIt() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    context.execute(
        () -> {
          throw new IllegalStateException("a test's own");
        });
    context.execute(
        () -> {
          throw new AssertionError("a test's own");
        });
    context.execute(done::countDown);
    await(done);
  }

  @Test
  void aTimerRunsInTheContextUnlessCancelled() throws Exception {
    CompletableFuture<Thread> timer = new CompletableFuture<>();
    CompletableFuture<Thread> cancelled = new CompletableFuture<>();
    CompletableFuture<Thread> task = new CompletableFuture<>();
    CountDownLatch release = new CountDownLatch(1);
    // as long as it is held up, no timer can be faster than its cancellation
    context.execute(() -> awaitUnchecked(release));
    context
        .schedule(Duration.ofMillis(1), () -> cancelled.complete(Thread.currentThread()))
        .cancel();
    release.countDown();
    context.schedule(Duration.ofMillis(20), () -> timer.complete(Thread.currentThread()));
    context.execute(() -> task.complete(Thread.currentThread()));
    assertThat(timer.get(30, TimeUnit.SECONDS)).isSameAs(task.get(30, TimeUnit.SECONDS));
    assertThat(cancelled).isNotDone();
  }

  @Test
  void whatIsOffloadedDoesNotHoldItUp() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch offloaded = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    context.offload(
        () -> {
          awaitUnchecked(release);
          offloaded.countDown();
        });
    context.execute(done::countDown);
    await(done);
    release.countDown();
    await(offloaded);
  }

  @Test
  void afterItsEndItTakesNothing() {
    context.close();
    assertThatThrownBy(() -> context.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      await(latch);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
