package blackhole.bench.update;

import blackhole.bench.Pause;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls at a fixed rate, however long they take. A call's latency counts from when it was due, so
 * that a stall is seen by all calls that it held up; it belongs to the stretch in which it was due.
 */
final class OpenLoad {
  /** A kind of call, by one client. */
  interface Caller {
    /** Begins the call of this number, and tells of its end; must not block. */
    void call(long number, Answer answer);

    /** Whether calls of this number are alike; others count, but their time does not. */
    default boolean isTimed(long number) {
      return true;
    }
  }

  /** How a call ended. */
  interface Answer {
    /**
     * @param version who answered, or empty if the answer does not tell
     */
    void answered(String version);

    void failed(Throwable problem);
  }

  private final List<Caller> callers;
  private final long pauseNanos;
  private final LongAdder inFlight = new LongAdder();
  private final Failures failures;
  private final AtomicLong made = new AtomicLong();
  private volatile String version = "";

  /**
   * @param callers take turns
   */
  OpenLoad(List<Caller> callers, int callsPerSecond, Failures failures) {
    this.callers = List.copyOf(callers);
    this.failures = failures;
    this.pauseNanos = TimeUnit.SECONDS.toNanos(1) / callsPerSecond;
  }

  /** Makes calls for so long, and until the condition holds. Used by one thread. */
  void run(Tally tally, Duration atLeast, BooleanSupplier over) {
    long due = System.nanoTime();
    long end = due + atLeast.toNanos();
    for (; due - end < 0 || !over.getAsBoolean(); due += pauseNanos) {
      Pause.until(due);
      call(tally, due);
    }
  }

  private void call(Tally tally, long due) {
    long number = made.getAndIncrement();
    Caller caller = callers.get((int) (number % callers.size()));
    inFlight.increment();
    caller.call(number, new Ending(caller.isTimed(number) ? tally : null, due));
  }

  /** The version that answered last; empty if answers do not tell. */
  String version() {
    return version;
  }

  long calls() {
    return made.get();
  }

  /** Waits for what is in flight. */
  void awaitAnswers() {
    Await.until("every call has ended", TestNode.PATIENCE, () -> inFlight.sum() == 0);
  }

  private final class Ending implements Answer {
    private final @Nullable Tally tally;
    private final long due;

    Ending(@Nullable Tally tally, long due) {
      this.tally = tally;
      this.due = due;
    }

    @Override
    public void answered(String by) {
      version = by;
      ended();
    }

    @Override
    public void failed(Throwable problem) {
      Status status = Status.fromThrowable(problem);
      failures.add(status.getCode() + ": " + status.getDescription());
      ended();
    }

    private void ended() {
      if (tally != null) {
        tally.add(System.nanoTime() - due);
      }
      inFlight.decrement();
    }
  }

  /** For a call with one answer. */
  record Once<R>(Answer answer, Function<R, String> version) implements StreamObserver<R> {
    @Override
    public void onNext(R response) {
      answer.answered(version.apply(response));
    }

    @Override
    public void onError(Throwable problem) {
      answer.failed(problem);
    }

    @Override
    public void onCompleted() {}
  }
}
