package blackhole.client.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.rpc.BreakerState;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class BreakerTest {
  private static final Duration OPEN_FOR = Duration.ofSeconds(30);

  private final AtomicLong nanos = new AtomicLong(1234);
  private final Breaker breaker =
      new Breaker("ledger", new BreakerSettings(3, 2, OPEN_FOR), nanos::get);

  @Test
  void opensAtTheThirdFailureBeforeTheWindowIsFull() {
    call(Outcome.FAILURE);
    call(Outcome.FAILURE);
    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    assertThat(breaker.failures()).isEqualTo(2);
    call(Outcome.FAILURE);
    assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    assertThat(breaker.tryAcquire()).isNull();
    assertThat(breaker.retryAfter()).isEqualTo(OPEN_FOR);
  }

  @Test
  void twoFailuresAmongFourCallsAreHalfAndStillTooFew() {
    call(Outcome.SUCCESS);
    call(Outcome.SUCCESS);
    call(Outcome.FAILURE);
    call(Outcome.FAILURE);
    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    call(Outcome.FAILURE);
    assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void onlyTheLastSixCallsCount() {
    call(Outcome.FAILURE);
    call(Outcome.FAILURE);
    for (int i = 0; i < 6; i++) {
      call(Outcome.SUCCESS);
    }
    assertThat(breaker.failures()).isZero();
    call(Outcome.FAILURE);
    call(Outcome.FAILURE);
    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    call(Outcome.FAILURE);
    assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
  }

  /** While nothing has failed of late, successes go uncounted; nobody must notice. */
  @Test
  void opensExactlyWhenThreeOfTheLastSixHaveFailed() {
    Random random = new Random(1);
    Deque<Outcome> last = new ArrayDeque<>();
    int opened = 0;
    for (int i = 0; i < 20_000; i++) {
      Outcome outcome = random.nextInt(8) == 0 ? Outcome.FAILURE : Outcome.SUCCESS;
      call(outcome);
      last.addLast(outcome);
      if (last.size() > 6) {
        last.removeFirst();
      }
      int failed = (int) last.stream().filter(Outcome.FAILURE::equals).count();
      if (failed < 3) {
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(breaker.failures()).isEqualTo(failed);
      } else {
        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        nanos.addAndGet(OPEN_FOR.toNanos() + 1);
        call(Outcome.SUCCESS);
        call(Outcome.SUCCESS);
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        last.clear();
        opened++;
      }
    }
    assertThat(opened).isGreaterThan(10);
  }

  @Test
  void aThresholdOfOneOpensAtOnce() {
    Breaker strict = new Breaker("x", new BreakerSettings(1, 1, OPEN_FOR), nanos::get);
    strict.ended(strict.tryAcquire(), Outcome.FAILURE);
    assertThat(strict.state()).isEqualTo(BreakerState.OPEN);
    nanos.addAndGet(OPEN_FOR.toNanos() + 1);
    strict.ended(strict.tryAcquire(), Outcome.SUCCESS);
    assertThat(strict.state()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void callersOwnErrorsNeitherCountNorPushFailuresOut() {
    call(Outcome.FAILURE);
    call(Outcome.FAILURE);
    for (Status.Code code :
        List.of(
            Status.Code.INVALID_ARGUMENT,
            Status.Code.NOT_FOUND,
            Status.Code.ALREADY_EXISTS,
            Status.Code.PERMISSION_DENIED,
            Status.Code.UNAUTHENTICATED,
            Status.Code.FAILED_PRECONDITION,
            Status.Code.OUT_OF_RANGE,
            Status.Code.UNIMPLEMENTED,
            Status.Code.ABORTED,
            Status.Code.RESOURCE_EXHAUSTED,
            Status.Code.CANCELLED)) {
      call(Outcome.of(code));
    }
    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    assertThat(breaker.failures()).isEqualTo(2);
    call(Outcome.of(Status.Code.DEADLINE_EXCEEDED));
    assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
  }

  @Test
  void closesAfterAsManySuccessesAsItLetsThrough() {
    open();
    nanos.addAndGet(OPEN_FOR.toNanos());
    assertThat(breaker.tryAcquire()).isNull();
    nanos.addAndGet(1);
    Breaker.Permit first = breaker.tryAcquire();
    Breaker.Permit second = breaker.tryAcquire();
    assertThat(first).isNotNull();
    assertThat(second).isNotNull();
    assertThat(breaker.tryAcquire()).isNull();
    assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
    breaker.ended(first, Outcome.SUCCESS);
    assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
    // the service is there, whatever it says of the caller
    breaker.ended(second, Outcome.ANSWERED);
    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    assertThat(breaker.failures()).isZero();
  }

  @Test
  void toldToItTriesAtOnceWithAsManyProbesAsEver() {
    breaker.tryNow();
    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    open();
    breaker.tryNow();
    assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
    Breaker.Permit first = breaker.tryAcquire();
    Breaker.Permit second = breaker.tryAcquire();
    breaker.tryNow();
    assertThat(breaker.tryAcquire()).isNull();
    breaker.ended(first, Outcome.SUCCESS);
    breaker.ended(second, Outcome.SUCCESS);
    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
  }

  @Test
  void oneFailedProbeOpensItAgainEvenAsTheLastOfSeveral() {
    Breaker patient = new Breaker("x", new BreakerSettings(1, 5, OPEN_FOR), nanos::get);
    patient.ended(patient.tryAcquire(), Outcome.FAILURE);
    nanos.addAndGet(OPEN_FOR.toNanos() + 1);
    for (int i = 0; i < 4; i++) {
      patient.ended(patient.tryAcquire(), Outcome.SUCCESS);
    }
    assertThat(patient.state()).isEqualTo(BreakerState.HALF_OPEN);
    patient.ended(patient.tryAcquire(), Outcome.FAILURE);
    assertThat(patient.state()).isEqualTo(BreakerState.OPEN);
    assertThat(patient.retryAfter()).isEqualTo(OPEN_FOR);
  }

  @Test
  void aHundredThreadsGetExactlyAsManyProbesAsAreAllowed() throws Exception {
    Breaker wide = new Breaker("x", new BreakerSettings(1, 7, OPEN_FOR), nanos::get);
    wide.ended(wide.tryAcquire(), Outcome.FAILURE);
    nanos.addAndGet(OPEN_FOR.toNanos() + 1);
    ExecutorService threads = Executors.newFixedThreadPool(100);
    try {
      CountDownLatch ready = new CountDownLatch(100);
      List<Future<Breaker.Permit>> asked = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        asked.add(
            threads.submit(
                () -> {
                  ready.countDown();
                  ready.await();
                  return wide.tryAcquire();
                }));
      }
      List<Breaker.Permit> admitted = new ArrayList<>();
      for (Future<Breaker.Permit> each : asked) {
        if (each.get() != null) {
          admitted.add(each.get());
        }
      }
      assertThat(admitted).hasSize(7);
      admitted.forEach(permit -> wide.ended(permit, Outcome.SUCCESS));
      assertThat(wide.state()).isEqualTo(BreakerState.CLOSED);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aCancelledProbeGivesItsPermitBack() {
    open();
    nanos.addAndGet(OPEN_FOR.toNanos() + 1);
    Breaker.Permit cancelled = breaker.tryAcquire();
    assertThat(breaker.tryAcquire()).isNotNull();
    assertThat(breaker.tryAcquire()).isNull();
    breaker.ended(cancelled, Outcome.UNKNOWN);
    assertThat(breaker.tryAcquire()).isNotNull();
    assertThat(breaker.tryAcquire()).isNull();
  }

  @Test
  void aCallFromBeforeItOpenedIsNoProbe() {
    Breaker.Permit hung = breaker.tryAcquire();
    Breaker.Permit cancelled = breaker.tryAcquire();
    open();
    nanos.addAndGet(OPEN_FOR.toNanos() + 1);
    Breaker.Permit first = breaker.tryAcquire();
    Breaker.Permit second = breaker.tryAcquire();
    breaker.ended(hung, Outcome.FAILURE);
    breaker.ended(cancelled, Outcome.UNKNOWN);
    assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
    assertThat(breaker.tryAcquire()).isNull();
    breaker.ended(first, Outcome.SUCCESS);
    breaker.ended(second, Outcome.SUCCESS);
    assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
  }

  /** Without a provider slf4j complains on stderr, at the first breaker. */
  @Test
  void whatResilience4jLogsGoesToTheJdksLogging() {
    assertThat(LoggerFactory.getILoggerFactory().getClass().getPackageName())
        .isEqualTo("org.slf4j.jul");
  }

  private void open() {
    for (int i = 0; i < 3; i++) {
      call(Outcome.FAILURE);
    }
    assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
  }

  private void call(Outcome outcome) {
    Breaker.Permit permit = breaker.tryAcquire();
    assertThat(permit).isNotNull();
    breaker.ended(permit, outcome);
  }
}
