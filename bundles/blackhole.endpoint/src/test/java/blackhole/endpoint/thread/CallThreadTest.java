package blackhole.endpoint.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallThreadTest {
  @Test
  void dropsInterruptsWhileItIsShielded() throws Exception {
    assertThat(
            seenBy(
                thread -> {
                  thread.interrupt();
                  thread.setShielded(true);
                  boolean before = thread.isInterrupted();
                  thread.interrupt();
                  return before || thread.isInterrupted();
                }))
        .isFalse();
  }

  @Test
  void takesThemAgainAfterwards() throws Exception {
    assertThat(
            seenBy(
                thread -> {
                  thread.setShielded(true);
                  thread.setShielded(false);
                  thread.interrupt();
                  return thread.isInterrupted();
                }))
        .isTrue();
  }

  @Test
  void belongsToNoLoopUntilItLeadsOne() throws Exception {
    assertThat(seenBy(thread -> CallThread.currentLoop() == null)).isTrue();
    assertThat(CallThread.currentLoop()).isNull();
  }

  private interface Look {
    boolean at(CallThread thread);
  }

  private static boolean seenBy(Look look) throws Exception {
    CompletableFuture<Boolean> seen = new CompletableFuture<>();
    Runnable task =
        () -> seen.completeAsync(() -> look.at((CallThread) Thread.currentThread()), Runnable::run);
    CallThread thread = new CallThread(task, "test");
    thread.start();
    try {
      return seen.get(20, TimeUnit.SECONDS);
    } finally {
      thread.join();
    }
  }
}
