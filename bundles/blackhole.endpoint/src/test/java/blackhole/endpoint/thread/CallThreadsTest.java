package blackhole.endpoint.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.endpoint.Await;
import blackhole.endpoint.LogCapture;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One loop, so that everything gets in each other's way that can. */
class CallThreadsTest {
  private static final int MAX_THREADS = 100;

  private final CallThreads threads = new CallThreads(1, MAX_THREADS, Duration.ofMillis(20));
  private final EventLoop loop = threads.eventLoops().next();
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void close() throws Exception {
    release.countDown();
    threads.close();
    assertThat(threads.eventLoops().awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(threads.pool().awaitTermination(Duration.ofSeconds(20))).isTrue();
  }

  @Test
  void aTaskRunsOnTheThreadThatMovesBytesButNotAsTheEventLoop() throws Exception {
    CompletableFuture<Thread> moves = new CompletableFuture<>();
    CompletableFuture<Thread> serves = new CompletableFuture<>();
    loop.execute(
        () -> {
          assertThat(loop.inEventLoop()).isTrue();
          moves.complete(Thread.currentThread());
          threads
              .place("m")
              .execute(
                  () ->
                      serves.completeAsync(
                          () -> {
                            assertThat(loop.inEventLoop()).isFalse();
                            return Thread.currentThread();
                          },
                          Runnable::run));
        });
    assertThat(get(serves)).isSameAs(get(moves));
    assertThat(get(serves).getName()).matches("blackhole-call-\\d+");
    assertThat(get(serves).isDaemon()).isTrue();
  }

  @Test
  void tasksOfOtherThreadsRunInThePool() throws Exception {
    CompletableFuture<String> name = new CompletableFuture<>();
    threads.place("m").execute(() -> name.complete(Thread.currentThread().getName()));
    assertThat(get(name)).matches("blackhole-call-\\d+");
  }

  @Test
  void blockedTasksHoldNothingUp() throws Exception {
    CountDownLatch blocked = new CountDownLatch(64);
    // all in one go, as a single read brings them, and the last in the queue is the quick one
    CountDownLatch quick = new CountDownLatch(1);
    loop.execute(
        () -> {
          for (int i = 0; i < 64; i++) {
            threads
                .place("slow")
                .execute(
                    () -> {
                      blocked.countDown();
                      block();
                    });
          }
          threads.place("quick").execute(quick::countDown);
        });
    Await.open(quick);
    Await.open(blocked);
    onLoop(() -> {});
  }

  @Test
  void blockedTasksOfManyMethodsHoldNothingUp() throws Exception {
    CountDownLatch blocked = new CountDownLatch(64);
    onLoop(
        () -> {
          for (int i = 0; i < 64; i++) {
            threads
                .place("slow" + i)
                .execute(
                    () -> {
                      blocked.countDown();
                      block();
                    });
          }
        });
    Await.open(blocked);
    onLoop(() -> {});
  }

  @Test
  void aTaskThatComputesForLongHoldsNothingUp() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch after = new CountDownLatch(1);
    onLoop(
        () -> {
          threads
              .place("busy")
              .execute(
                  () -> {
                    while (!stop.get()) {
                      Thread.onSpinWait();
                    }
                  });
          threads.place("quick").execute(after::countDown);
        });
    try {
      Await.open(after);
    } finally {
      stop.set(true);
    }
  }

  @Test
  void tasksThatWaitForEachOtherThroughTheLoopGetThere() throws Exception {
    CompletableFuture<Integer> deepest = new CompletableFuture<>();
    onLoop(() -> threads.place("nested").execute(() -> nest(MAX_THREADS / 2, deepest)));
    assertThat(get(deepest)).isZero();
  }

  private void nest(int depth, CompletableFuture<Integer> result) {
    if (depth == 0) {
      result.complete(0);
      return;
    }
    CompletableFuture<Integer> inner = new CompletableFuture<>();
    loop.execute(() -> threads.place("nested").execute(() -> nest(depth - 1, inner)));
    result.complete(inner.join());
  }

  @Test
  void whatComesFromManyThreadsIsAllRunOnce() throws Exception {
    AtomicInteger ran = new AtomicInteger();
    Set<Thread> submitters = ConcurrentHashMap.newKeySet();
    for (int s = 0; s < 4; s++) {
      Thread submitter =
          new Thread(
              () -> {
                for (int i = 0; i < 10_000; i++) {
                  boolean blocks = i % 1000 == 0;
                  Runnable task =
                      () -> {
                        if (blocks) {
                          boolean unused =
                              new CompletableFuture<>()
                                      .completeOnTimeout(true, 1, TimeUnit.MILLISECONDS)
                                      .join()
                                  != null;
                        }
                        ran.incrementAndGet();
                      };
                  loop.execute(() -> threads.place("m").execute(task));
                }
              });
      submitters.add(submitter);
      submitter.start();
    }
    for (Thread submitter : submitters) {
      submitter.join();
    }
    Await.until("all have run", () -> ran.get() == 40_000);
    onLoop(() -> {});
    assertThat(ran).hasValue(40_000);
  }

  @Test
  void atTheBoundBytesAreStillMovedAndTasksWaitForAThread() throws Exception {
    CountDownLatch blocked = new CountDownLatch(MAX_THREADS);
    AtomicInteger done = new AtomicInteger();
    onLoop(
        () -> {
          for (int i = 0; i < 2 * MAX_THREADS; i++) {
            threads
                .place("slow")
                .execute(
                    () -> {
                      blocked.countDown();
                      block();
                      done.incrementAndGet();
                    });
          }
        });
    Await.open(blocked);
    for (int i = 0; i < 10; i++) {
      onLoop(() -> {});
    }
    assertThat(threads.pool().size()).isEqualTo(MAX_THREADS);
    assertThat(done).hasValue(0);

    release.countDown();
    Await.until("all are done", () -> done.get() == 2 * MAX_THREADS);
  }

  @Test
  void threadsThatBlockedGoAgain() throws Exception {
    blockedTasksHoldNothingUp();
    assertThat(threads.pool().size()).isGreaterThan(64);
    release.countDown();
    Await.until("only the loop's is left", () -> threads.pool().size() == 1);
  }

  @Test
  void whatATaskThrowsStopsNothing() throws Exception {
    try (LogCapture log = new LogCapture("blackhole.endpoint.thread")) {
      CountDownLatch after = new CountDownLatch(2);
      onLoop(
          () -> {
            for (int i = 0; i < 2; i++) {
              threads
                  .place("faulty")
                  .execute(
                      () -> {
                        throw new AssertionError("on purpose");
                      });
              threads.place("sound").execute(after::countDown);
            }
          });
      Await.open(after);
      Await.until("both are logged", () -> log.warnings().size() == 2);
    }
  }

  @Test
  void anInterruptIsNotSeenByTheNextTask() throws Exception {
    CompletableFuture<Boolean> seen = new CompletableFuture<>();
    onLoop(
        () -> {
          threads.place("m").execute(() -> Thread.currentThread().interrupt());
          threads.place("m").execute(() -> seen.complete(Thread.currentThread().isInterrupted()));
        });
    assertThat(get(seen)).isFalse();
  }

  @Test
  void closesWhileATaskBlocksAndLetsItFinishUndisturbed() throws Exception {
    CountDownLatch blocked = new CountDownLatch(1);
    CompletableFuture<Boolean> finished = new CompletableFuture<>();
    onLoop(
        () ->
            threads
                .place("slow")
                .execute(
                    () -> {
                      blocked.countDown();
                      // fails when it is interrupted
                      block();
                      finished.complete(true);
                    }));
    Await.open(blocked);

    threads.close();
    assertThat(threads.eventLoops().awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    Await.until("no more is taken", this::isRejected);
    assertThat(finished).isNotDone();
    release.countDown();
    assertThat(get(finished)).isTrue();
    assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void closesWithoutEverHavingRun() throws Exception {
    close();
  }

  private boolean isRejected() {
    try {
      threads.place("m").execute(() -> {});
      return false;
    } catch (RejectedExecutionException e) {
      return true;
    }
  }

  private void block() {
    try {
      Await.open(release);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void onLoop(Runnable task) throws Exception {
    loop.submit(task).get(20, TimeUnit.SECONDS);
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }
}
