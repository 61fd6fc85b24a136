package blackhole.endpoint.health;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.service.HealthCheck;
import blackhole.api.service.HealthResult;
import blackhole.api.service.HealthStatus;
import blackhole.endpoint.Await;
import blackhole.endpoint.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthChecksTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicLong now = new AtomicLong();

  /** By a clock that stands still: what a loaded machine takes for a check is not too long. */
  private final HealthChecks checks = new HealthChecks(now::get, TIMEOUT);

  @AfterEach
  void close() {
    release.countDown();
    checks.close();
  }

  @Test
  void withoutChecksAllIsWell() {
    assertThat(checks.run()).isEqualTo(HealthResult.healthy());
  }

  @Test
  void theWorstWinsWithAllThatWasSaidForIt() {
    assertThat(
            HealthChecks.worst(
                List.of(
                    HealthResult.degraded("slow"),
                    HealthResult.unhealthy("no disk"),
                    HealthResult.healthy(),
                    HealthResult.unhealthy("no memory"))))
        .isEqualTo(HealthResult.unhealthy("no disk; no memory"));
    assertThat(HealthChecks.worst(List.of(HealthResult.healthy(), HealthResult.degraded("slow"))))
        .isEqualTo(HealthResult.degraded("slow"));
  }

  @Test
  void oneThatThrowsIsUnhealthyAndLoggedOnce() {
    checks.add(
        1,
        "db",
        fixed(
            () -> {
              throw new IllegalStateException("no connection");
            }));
    try (LogCapture log = new LogCapture(CheckRunner.class.getName())) {
      assertThat(checks.run().message())
          .isEqualTo("check db failed: java.lang.IllegalStateException: no connection");
      assertThat(checks.run().status()).isEqualTo(HealthStatus.UNHEALTHY);
      assertThat(log.warnings()).containsExactly("the health check db failed");
    }
  }

  @Test
  void oneThatHangsIsUnhealthyAndHoldsOneThread() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch entered = new CountDownLatch(1);
    checks.add(
        1,
        "net",
        fixed(
            () -> {
              runs.incrementAndGet();
              entered.countDown();
              return hang();
            }));
    var unused = CompletableFuture.supplyAsync(checks::run);
    Await.open(entered);

    now.addAndGet(TIMEOUT.toNanos());
    // only now, as the time that has passed is net's
    checks.add(2, "ok", fixed(HealthResult::healthy));
    for (int i = 0; i < 5; i++) {
      assertThat(checks.run())
          .isEqualTo(HealthResult.unhealthy("check net has not answered for 20 s"));
    }
    assertThat(runs).hasValue(1);

    release.countDown();
    Await.until("it is well again", () -> checks.run().status() == HealthStatus.HEALTHY);
  }

  @Test
  void oneThatHangsIsWaitedForUntilTheTimeout() throws Exception {
    try (HealthChecks brief = new HealthChecks(now::get, Duration.ofMillis(50))) {
      brief.add(1, "net", fixed(this::hang));
      assertThat(brief.run())
          .isEqualTo(HealthResult.unhealthy("check net has not answered for 1 s"));

      // so that the close interrupts, and has logged, nothing
      release.countDown();
      Await.until("it is well again", () -> brief.run().status() == HealthStatus.HEALTHY);
    }
  }

  private HealthResult hang() {
    try {
      Await.open(release);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return HealthResult.healthy();
  }

  @Test
  void thoseWhoAskTogetherShareOneRun() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    checks.add(
        1,
        "once",
        fixed(
            () -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              Thread.yield();
              running.decrementAndGet();
              return HealthResult.healthy();
            }));
    List<CompletableFuture<Void>> askers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      askers.add(
          CompletableFuture.runAsync(
              () -> {
                for (int n = 0; n < 200; n++) {
                  HealthResult unused = checks.run();
                }
              }));
    }
    CompletableFuture.allOf(askers.toArray(CompletableFuture[]::new)).join();
    assertThat(most).hasValue(1);
  }

  @Test
  void aRemovedCheckIsAskedNoMore() {
    checks.add(1, "gone", fixed(() -> HealthResult.unhealthy("broken")));
    checks.remove(1);
    assertThat(checks.run()).isEqualTo(HealthResult.healthy());
  }

  private static Supplier<HealthCheck> fixed(HealthCheck check) {
    return () -> check;
  }
}
