package blackhole.client.breaker;

import blackhole.api.rpc.BreakerState;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.TransitionCheckResult;
import io.github.resilience4j.circuitbreaker.IllegalStateTransitionException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One service's circuit breaker. Thread-safe; the way of a call that succeeds takes no lock.
 *
 * <p>How the settings become Resilience4j's:
 *
 * <ul>
 *   <li>The window holds the last {@code 2 × failureThreshold} calls, by count. Resilience4j judges
 *       by a rate, so of a window that is not full, half would be fewer failures than were asked
 *       for: the rate (50 %) counts from a full window on ({@code minimumNumberOfCalls}), and until
 *       then {@code transitionOnResult} opens the circuit at the n-th failure. Both say the same: n
 *       failures among the last 2n calls.
 *   <li>While half-open, {@code successThreshold} calls are permitted, and when all have succeeded
 *       it closes. The rate would let some of them fail, so the first failure opens it by hand.
 *   <li>It goes from open to half-open with the first call after {@code halfOpenTimeout}, without a
 *       timer, or when it is told to.
 *   <li>Resilience4j counts a result in whatever state it comes. Here a call remembers the state it
 *       was let through in, and a result from an earlier one is dropped: a call that hung since
 *       before the circuit opened is no probe, and has no permit to give back.
 *   <li>Time is monotonic, and nothing is published (an event costs an object a call).
 *   <li>A success only ever pushes failures out of the window, so while there are none in it, it is
 *       not counted at all: what is left of the window then is the same, and a call costs no
 *       object.
 * </ul>
 */
public final class Breaker {
  private static final TransitionCheckResult STAY = TransitionCheckResult.noTransition();

  /** The kind of failure is of no interest to Resilience4j; one without a trace does for all. */
  private static final Throwable FAILED =
      new Throwable("failed", null, false, false) {
        private static final long serialVersionUID = 1L;
      };

  private final BreakerSettings settings;
  private final LongSupplier nanoTime;
  private final CircuitBreaker circuit;
  private volatile Change last;

  /** When the circuit came into a state. */
  private record Change(CircuitBreaker.State state, Instant at, long nanos) {}

  /** A call's permission; give it back with {@link #ended}. */
  public static final class Permit {
    private final CircuitBreaker.Metrics state;

    private Permit(CircuitBreaker.Metrics state) {
      this.state = state;
    }
  }

  private volatile Permit cached;

  /** Failures that were counted, ever. */
  private final AtomicInteger failures = new AtomicInteger();

  /** What {@link #failures} was when none was left in the window. */
  private volatile int failuresWhenClean;

  public Breaker(String service, BreakerSettings settings, LongSupplier nanoTime) {
    this.settings = settings;
    this.nanoTime = nanoTime;
    int window = 2 * settings.failureThreshold();
    circuit =
        CircuitBreaker.of(
            service,
            CircuitBreakerConfig.custom()
                .slidingWindow(
                    window,
                    window,
                    SlidingWindowType.COUNT_BASED,
                    SlidingWindowSynchronizationStrategy.LOCK_FREE)
                // for a window that is shorter, its length counts; while half-open, the probes'
                .minimumNumberOfCalls(Math.max(window, settings.successThreshold()))
                .failureRateThreshold(50)
                .transitionOnResult(result -> result.isLeft() ? STAY : afterFailure())
                .waitDurationInOpenState(settings.halfOpenTimeout())
                .permittedNumberOfCallsInHalfOpenState(settings.successThreshold())
                .automaticTransitionFromOpenToHalfOpenEnabled(false)
                .writableStackTraceEnabled(false)
                .clock(new MonotonicClock(nanoTime))
                .build());
    last = new Change(CircuitBreaker.State.CLOSED, Instant.now(), nanoTime.getAsLong());
    cached = new Permit(circuit.getMetrics());
  }

  private TransitionCheckResult afterFailure() {
    return circuit.getMetrics().getNumberOfFailedCalls() >= settings.failureThreshold()
        ? TransitionCheckResult.transitionToOpenAndWaitFor(settings.halfOpenTimeout())
        : STAY;
  }

  public BreakerSettings settings() {
    return settings;
  }

  /** Null while the circuit is open, or as many probes are out as may be. */
  public @Nullable Permit tryAcquire() {
    if (!circuit.tryAcquirePermission()) {
      observe();
      return null;
    }
    // each state has its own metrics, so they tell states apart; one permit does for a whole state
    CircuitBreaker.Metrics state = circuit.getMetrics();
    Permit permit = cached;
    if (permit.state != state) {
      permit = new Permit(state);
      cached = permit;
      observe();
    }
    return permit;
  }

  /** Once for each permit. */
  public void ended(Permit permit, Outcome outcome) {
    if (permit.state != circuit.getMetrics()) {
      return;
    }
    boolean probe = circuit.getState() == CircuitBreaker.State.HALF_OPEN;
    switch (outcome) {
      case SUCCESS -> succeeded(probe);
      case FAILURE -> failed(probe);
      case ANSWERED -> {
        if (probe) {
          succeeded(true);
        }
      }
      case UNKNOWN -> {
        if (probe) {
          circuit.releasePermission();
        }
      }
    }
  }

  private void succeeded(boolean probe) {
    if (probe) {
      circuit.onSuccess(0, TimeUnit.NANOSECONDS);
      observe();
      return;
    }
    int seen = failures.get();
    if (seen != failuresWhenClean) {
      circuit.onSuccess(0, TimeUnit.NANOSECONDS);
      if (circuit.getMetrics().getNumberOfFailedCalls() == 0) {
        failuresWhenClean = seen;
      }
    }
  }

  private void failed(boolean probe) {
    if (probe) {
      // before the failure is counted, which might be the last result that closes the circuit
      circuit.transitionToOpenState();
    }
    circuit.onError(0, TimeUnit.NANOSECONDS, FAILED);
    // afterwards: whoever has found none in the window did so before this one, and is told now
    failures.incrementAndGet();
    observe();
  }

  /**
   * Lets the probes through now, if the circuit is open: there is a reason to believe that what
   * opened it is over. Does nothing otherwise.
   */
  public void tryNow() {
    if (circuit.getState() != CircuitBreaker.State.OPEN) {
      return;
    }
    try {
      circuit.transitionToHalfOpenState();
    } catch (IllegalStateTransitionException e) {
      // probes of another thread have closed it meanwhile
      return;
    }
    observe();
  }

  private void observe() {
    CircuitBreaker.State state = circuit.getState();
    if (state != last.state()) {
      synchronized (this) {
        if (state != last.state()) {
          last = new Change(state, Instant.now(), nanoTime.getAsLong());
        }
      }
    }
  }

  public BreakerState state() {
    return switch (circuit.getState()) {
      case CLOSED, DISABLED, METRICS_ONLY -> BreakerState.CLOSED;
      case OPEN, FORCED_OPEN -> BreakerState.OPEN;
      case HALF_OPEN -> BreakerState.HALF_OPEN;
    };
  }

  /** Among the calls that it looks at now. */
  public int failures() {
    return circuit.getMetrics().getNumberOfFailedCalls();
  }

  /** When it came into its state. */
  public Instant since() {
    return last.at();
  }

  /** Until it may let probes through; zero when it may now. */
  public Duration retryAfter() {
    Change change = last;
    if (change.state() != CircuitBreaker.State.OPEN) {
      return Duration.ZERO;
    }
    Duration left = settings.halfOpenTimeout().minusNanos(nanoTime.getAsLong() - change.nanos());
    return left.isNegative() ? Duration.ZERO : left;
  }
}
