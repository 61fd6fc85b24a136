package blackhole.bench.call;

import blackhole.bench.Latencies;
import blackhole.bench.echo.EchoService;
import com.google.protobuf.StringValue;
import com.sun.management.ThreadMXBean;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of unary calls in flight for some time: each begins when the one before it ends,
 * on the client's event loop, so that the client costs as little as can be and the same for all.
 */
final class Load {
  private static final StringValue QUESTION = StringValue.of("sixteen bytes...");
  private static final CallOptions OPTIONS = CallOptions.DEFAULT.withExecutor(Runnable::run);

  /** No machine is as slow as that: what takes longer is not what is measured. */
  private static final double WAITING_MICROS = 1e6;

  private final Channel channel;
  private final int waitEvery;
  private final Latencies latencies = new Latencies();
  private final AtomicInteger started = new AtomicInteger();
  private final Phaser inFlight = new Phaser(1);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean stopping;

  private Load(Channel channel, int waitEvery) {
    this.channel = channel;
    this.waitEvery = waitEvery;
  }

  /**
   * What came of a load.
   *
   * @param bytesPerCall what this process, which is the client, allocated; it does not depend on
   *     how busy the machine is
   */
  record Outcome(double callsPerSecond, double p50Micros, double p99Micros, double bytesPerCall) {}

  /**
   * @param waitEvery one call in so many asks the handler to wait; 0 for none
   */
  static Outcome run(Channel channel, int callsInFlight, int waitEvery, Duration duration) {
    return new Load(channel, waitEvery).run(callsInFlight, duration);
  }

  private Outcome run(int callsInFlight, Duration duration) {
    long bytes = allocated();
    long startNanos = System.nanoTime();
    for (int i = 0; i < callsInFlight; i++) {
      inFlight.register();
      call();
    }
    long endNanos = startNanos + duration.toNanos();
    while (System.nanoTime() - endNanos < 0 && failure.get() == null) {
      LockSupport.parkNanos(endNanos - System.nanoTime());
    }
    stopping = true;
    int unused = inFlight.arriveAndAwaitAdvance();
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    Throwable failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("a call failed", failed);
    }
    if (latencies.micros(0.5) > WAITING_MICROS) {
      throw new IllegalStateException("calls wait for something else than an answer");
    }
    return new Outcome(
        latencies.count() / seconds,
        latencies.micros(0.5),
        latencies.micros(0.99),
        (double) (allocated() - bytes) / latencies.count());
  }

  /** By all threads that live; those of clients live as long as they are measured. */
  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    // -1 for one that has ended meanwhile
    return LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
        .filter(bytes -> bytes > 0)
        .sum();
  }

  private void call() {
    boolean waits = waitEvery > 0 && started.incrementAndGet() % waitEvery == 0;
    long startNanos = System.nanoTime();
    ClientCalls.asyncUnaryCall(
        channel.newCall(EchoService.ECHO, OPTIONS.withDeadlineAfter(30, TimeUnit.SECONDS)),
        waits ? EchoService.WAIT : QUESTION,
        new StreamObserver<>() {
          @Override
          public void onNext(StringValue answer) {}

          @Override
          public void onError(Throwable t) {
            failure.set(t);
            inFlight.arriveAndDeregister();
          }

          @Override
          public void onCompleted() {
            latencies.add(System.nanoTime() - startNanos);
            if (stopping) {
              inFlight.arriveAndDeregister();
            } else {
              call();
            }
          }
        });
  }
}
