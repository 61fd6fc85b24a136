package blackhole.bench.isolation;

import blackhole.bench.Latencies;
import blackhole.bench.Pause;
import blackhole.bench.echo.EchoService;
import com.google.protobuf.StringValue;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Calls at a fixed rate, however long they take (an open loop). A call's latency counts from when
 * it was due, so that a stall is seen by all calls that it held up.
 */
final class SteadyLoad {
  private static final StringValue QUESTION = StringValue.of("sixteen bytes...");

  private final Channel channel;
  private final Latencies latencies = new Latencies();
  private final LongAdder failed = new LongAdder();
  private final Phaser inFlight = new Phaser(1);

  private SteadyLoad(Channel channel) {
    this.channel = channel;
  }

  /** What came of it. */
  record Outcome(long calls, long failed, double p50Micros, double p99Micros) {}

  static Outcome run(Channel channel, int callsPerSecond, Duration duration) {
    return new SteadyLoad(channel).run(callsPerSecond, duration);
  }

  private Outcome run(int callsPerSecond, Duration duration) {
    long pauseNanos = TimeUnit.SECONDS.toNanos(1) / callsPerSecond;
    long due = System.nanoTime();
    long end = due + duration.toNanos();
    for (; due - end < 0; due += pauseNanos) {
      Pause.until(due);
      call(due);
    }
    int unused = inFlight.arriveAndAwaitAdvance();
    return new Outcome(
        latencies.count(), failed.sum(), latencies.micros(0.5), latencies.micros(0.99));
  }

  private void call(long due) {
    inFlight.register();
    ClientCalls.asyncUnaryCall(
        channel.newCall(
            EchoService.ECHO,
            CallOptions.DEFAULT
                .withExecutor(Runnable::run)
                .withDeadlineAfter(30, TimeUnit.SECONDS)),
        QUESTION,
        new StreamObserver<>() {
          @Override
          public void onNext(StringValue answer) {}

          @Override
          public void onError(Throwable problem) {
            failed.increment();
            done();
          }

          @Override
          public void onCompleted() {
            done();
          }

          private void done() {
            latencies.add(System.nanoTime() - due);
            inFlight.arriveAndDeregister();
          }
        });
  }
}
