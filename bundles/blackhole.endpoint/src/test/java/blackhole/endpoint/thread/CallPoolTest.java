package blackhole.endpoint.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.endpoint.Await;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallPoolTest {
  private static final int MAX_THREADS = 8;

  private final CallPool pool = new CallPool("call", MAX_THREADS, Duration.ofMillis(20));
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger done = new AtomicInteger();

  @AfterEach
  void close() throws Exception {
    release.countDown();
    pool.shutdown();
    assertThat(pool.awaitTermination(Duration.ofSeconds(20))).isTrue();
  }

  @Test
  void givesEachBlockedTaskAThreadUpToItsBoundAndLetsTheRestWait() throws Exception {
    Set<String> names = ConcurrentHashMap.newKeySet();
    CountDownLatch entered = new CountDownLatch(MAX_THREADS);
    for (int i = 0; i < 2 * MAX_THREADS; i++) {
      run(
          () -> {
            names.add(Thread.currentThread().getName());
            entered.countDown();
            block();
          });
    }
    Await.open(entered);
    assertThat(pool.size()).isEqualTo(MAX_THREADS);
    assertThat(pool.runNow(() -> {})).isFalse();
    assertThat(names).hasSize(MAX_THREADS).allMatch(name -> name.matches("call-[1-8]"));

    release.countDown();
    Await.until("all are done", () -> done.get() == 2 * MAX_THREADS);
  }

  @Test
  void threadsWithoutWorkGo() throws Exception {
    for (int i = 0; i < MAX_THREADS; i++) {
      run(this::block);
    }
    assertThat(pool.size()).isEqualTo(MAX_THREADS);
    release.countDown();
    Await.until("they are gone", () -> pool.size() == 0);
    run(done::incrementAndGet);
    Await.until("and come again", () -> done.get() == MAX_THREADS + 1);
  }

  @Test
  void afterShutdownItFinishesWhatItHasAndTakesNothing() throws Exception {
    for (int i = 0; i < 2 * MAX_THREADS; i++) {
      run(this::block);
    }
    pool.shutdown();
    assertThatThrownBy(() -> run(() -> {})).isInstanceOf(RejectedExecutionException.class);
    assertThat(pool.runNow(() -> {})).isFalse();

    // block() fails when it is interrupted
    release.countDown();
    Await.until("all are done", () -> done.get() == 2 * MAX_THREADS);
  }

  private void run(Runnable task) {
    pool.run(new Turn(task, new Pace()));
  }

  private void block() {
    try {
      Await.open(release);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    done.incrementAndGet();
  }
}
