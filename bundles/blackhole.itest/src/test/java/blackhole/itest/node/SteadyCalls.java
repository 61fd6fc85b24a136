package blackhole.itest.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls of several kinds, each over and over with a pause between, so that what the test is about
 * gets its share of the machine.
 */
final class SteadyCalls implements AutoCloseable {
  private static final long PAUSE_MILLIS = 50;

  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  /**
   * Begins with one kind.
   *
   * @param call fails with whatever exception or assertion
   */
  void keep(String kind, Runnable call) {
    AtomicInteger made = calls.computeIfAbsent(kind, key -> new AtomicInteger());
    var unused =
        threads.scheduleWithFixedDelay(
            () -> {
              try {
                call.run();
              } catch (RuntimeException | AssertionError e) {
                failures.add(e);
              }
              made.incrementAndGet();
            },
            0,
            PAUSE_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /** Ends all, and waits for those that are under way. */
  void assertNoneFailed() throws InterruptedException {
    threads.shutdown();
    assertThat(threads.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
    System.out.println("calls " + new TreeMap<>(calls) + ", failed " + failures.size());
    assertThat(failures).isEmpty();
    assertThat(calls.values()).allSatisfy(made -> assertThat(made.get()).isPositive());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
