package blackhole.identity.password;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.identity.call.Call;
import blackhole.identity.call.IdentityException;
import blackhole.identity.call.IdentityException.Reason;
import io.grpc.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HashQueueTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final CountDownLatch release = new CountDownLatch(1);
  private final List<HashQueue> queues = new ArrayList<>();

  private HashQueue queue(long bytes, int workers, int capacity) {
    HashQueue queue = new HashQueue(new HashBudget(bytes, workers), capacity, timer);
    queues.add(queue);
    return queue;
  }

  @AfterEach
  void close() {
    release.countDown();
    queues.forEach(HashQueue::close);
    timer.shutdownNow();
  }

  /** Occupies the queue until {@link #release}. */
  private CompletableFuture<String> occupy(HashQueue queue, long bytes)
      throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CompletableFuture<String> result =
        queue.submit(
            bytes,
            Call.within(LONG),
            () -> {
              running.countDown();
              awaitQuietly(release);
              return "first";
            });
    assertThat(running.await(30, SECONDS)).isTrue();
    return result;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      if (!latch.await(30, SECONDS)) {
        throw new IllegalStateException("never released");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Reason reason(CompletableFuture<?> future) throws Exception {
    try {
      future.get(30, SECONDS);
      throw new AssertionError("it did not fail");
    } catch (ExecutionException e) {
      return ((IdentityException) e.getCause()).reason();
    }
  }

  /** So that what the work logs and tells is of the caller's trace. */
  @Test
  void worksInTheContextOfWhoWaitsForIt() throws Exception {
    HashQueue queue = queue(100, 1, 10);
    Context.Key<String> key = Context.key("caller");
    CompletableFuture<String> first =
        Context.ROOT
            .withValue(key, "ada")
            .call(() -> queue.submit(10, Call.within(LONG), () -> key.get()));
    CompletableFuture<String> second = queue.submit(10, Call.within(LONG), () -> "" + key.get());
    assertThat(first.get(30, SECONDS)).isEqualTo("ada");
    assertThat(second.get(30, SECONDS)).isEqualTo("null");
  }

  @Test
  void givesWhatTheWorkGivesOrThrows() throws Exception {
    HashQueue queue = queue(100, 2, 10);
    assertThat(queue.submit(10, Call.within(LONG), () -> 42).get(30, SECONDS)).isEqualTo(42);
    CompletableFuture<Object> failing =
        queue.submit(
            10,
            Call.within(LONG),
            () -> {
              throw new IllegalStateException("no");
            });
    assertThatThrownBy(() -> failing.get(30, SECONDS))
        .hasCauseInstanceOf(IllegalStateException.class);
    // the room of the failed one is free again
    assertThat(queue.submit(100, Call.within(LONG), () -> 43).get(30, SECONDS)).isEqualTo(43);
  }

  @Test
  void neverExceedsTheBudgetOfMemory() throws Exception {
    HashQueue queue = queue(100, 16, 1000);
    AtomicInteger inUse = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<CompletableFuture<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      int bytes = 20 + i % 3 * 20;
      all.add(
          queue.submit(
              bytes,
              Call.within(LONG),
              () -> {
                most.accumulateAndGet(inUse.addAndGet(bytes), Math::max);
                Thread.yield();
                return inUse.addAndGet(-bytes);
              }));
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(60, SECONDS);
    assertThat(most.get()).isBetween(20, 100);
    assertThat(inUse.get()).isZero();
  }

  @Test
  void takesThemInOrderAndLetsNoneOvertakeALargeOne() throws Exception {
    HashQueue queue = queue(100, 4, 10);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<String> first = occupy(queue, 60);
    CompletableFuture<Boolean> large =
        queue.submit(100, Call.within(LONG), () -> order.add("large"));
    CompletableFuture<Boolean> small = queue.submit(1, Call.within(LONG), () -> order.add("small"));
    assertThat(queue.waiting()).isEqualTo(2);

    release.countDown();
    assertThat(first.get(30, SECONDS)).isEqualTo("first");
    large.get(30, SECONDS);
    small.get(30, SECONDS);
    assertThat(order).containsExactly("large", "small");
  }

  @Test
  void waitsNoLongerThanTheDeadline() throws Exception {
    HashQueue queue = queue(100, 1, 10);
    occupy(queue, 100);
    AtomicInteger ran = new AtomicInteger();
    CompletableFuture<Integer> late =
        queue.submit(100, Call.within(Duration.ofMillis(20)), ran::incrementAndGet);
    assertThat(reason(late)).isEqualTo(Reason.TIMED_OUT);
    assertThat(queue.waiting()).isZero();
    release.countDown();
    queue.submit(100, Call.within(LONG), () -> 1).get(30, SECONDS);
    assertThat(ran).hasValue(0);
  }

  @Test
  void makesRoomForTheNextWhenTheHeadGivesUp() throws Exception {
    HashQueue queue = queue(100, 2, 10);
    occupy(queue, 60);
    CompletableFuture<Integer> large =
        queue.submit(100, Call.within(Duration.ofMillis(20)), () -> 1);
    CompletableFuture<Integer> small = queue.submit(10, Call.within(LONG), () -> 2);
    assertThat(reason(large)).isEqualTo(Reason.TIMED_OUT);
    assertThat(small.get(30, SECONDS)).isEqualTo(2);
  }

  @Test
  void doesNotBeginForACallerThatHasGone() throws Exception {
    HashQueue queue = queue(100, 1, 10);
    occupy(queue, 100);
    AtomicInteger ran = new AtomicInteger();
    Call call = Call.within(LONG);
    CompletableFuture<Integer> gone = queue.submit(100, call, ran::incrementAndGet);
    call.cancel();
    release.countDown();
    assertThat(reason(gone)).isEqualTo(Reason.TIMED_OUT);
    assertThat(ran).hasValue(0);
  }

  @Test
  void refusesMoreThanMayWaitButCountsNoneThatHasGone() throws Exception {
    HashQueue queue = queue(100, 1, 2);
    occupy(queue, 100);
    Call gone = Call.within(LONG);
    queue.submit(100, gone, () -> 1);
    CompletableFuture<Integer> second = queue.submit(100, Call.within(LONG), () -> 2);
    assertThat(reason(queue.submit(100, Call.within(LONG), () -> 3))).isEqualTo(Reason.OVERLOADED);

    gone.cancel();
    CompletableFuture<Integer> fourth = queue.submit(100, Call.within(LONG), () -> 4);
    release.countDown();
    assertThat(second.get(30, SECONDS)).isEqualTo(2);
    assertThat(fourth.get(30, SECONDS)).isEqualTo(4);
  }

  @Test
  void refusesWhatCanNeverFit() throws Exception {
    assertThat(reason(queue(100, 1, 10).submit(101, Call.within(LONG), () -> 1)))
        .isEqualTo(Reason.OVERLOADED);
  }

  @Test
  void failsWhatWaitsWhenClosedAndFinishesWhatRuns() throws Exception {
    HashQueue queue = queue(100, 1, 10);
    CompletableFuture<String> running = occupy(queue, 100);
    CompletableFuture<Integer> waiting = queue.submit(100, Call.within(LONG), () -> 1);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(queue::close);
    assertThat(reason(waiting)).isEqualTo(Reason.UNAVAILABLE);
    release.countDown();
    closing.get(30, SECONDS);
    assertThat(running.get(30, SECONDS)).isEqualTo("first");
    assertThat(reason(queue.submit(1, Call.within(LONG), () -> 1))).isEqualTo(Reason.UNAVAILABLE);
  }
}
