package blackhole.bench.update;

import blackhole.api.rpc.ResumedStreams;
import blackhole.bench.update.service.VersionedMethods;
import blackhole.testkit.Await;
import blackhole.testkit.TestNode;
import com.google.protobuf.Int64Value;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Streams that have no end of their own, and are taken up again where they break off: each has each
 * number once, in order.
 */
final class CountedStreams implements AutoCloseable {
  private final Failures failures;
  private final List<Counted> streams = new ArrayList<>();
  private final Context.CancellableContext context = Context.current().withCancellation();
  private final AtomicLong worstGapNanos = new AtomicLong();
  private volatile boolean over;

  /**
   * @param failures told of whatever is wrong, in words
   */
  CountedStreams(Channel channel, int count, Failures failures) {
    this.failures = failures;
    Channel resuming =
        ClientInterceptors.intercept(
            channel,
            ResumedStreams.of(
                VersionedMethods.COUNT, (request, got) -> Int64Value.of(got.getValue() + 1)));
    for (int i = 0; i < count; i++) {
      Counted counted = new Counted();
      streams.add(counted);
      context.run(
          () ->
              ClientCalls.asyncServerStreamingCall(
                  resuming.newCall(VersionedMethods.COUNT, CallOptions.DEFAULT),
                  Int64Value.getDefaultInstance(),
                  counted));
    }
    awaitAlive();
  }

  /** Waits until each has one message more, or anything has failed. */
  void awaitAlive() {
    List<Long> before = streams.stream().map(stream -> stream.expected.get()).toList();
    Await.until(
        "each stream goes on",
        TestNode.PATIENCE,
        () -> {
          if (failures.sum() > 0) {
            return true;
          }
          for (int i = 0; i < streams.size(); i++) {
            if (streams.get(i).expected.get() <= before.get(i)) {
              return false;
            }
          }
          return true;
        });
  }

  /** The longest that one had to wait for its next message, since this was asked for last. */
  double worstGapMillis() {
    return worstGapNanos.getAndSet(0) / 1e6;
  }

  long messages() {
    return streams.stream().mapToLong(stream -> stream.expected.get()).sum();
  }

  @Override
  public void close() {
    over = true;
    boolean unused = context.cancel(null);
  }

  private final class Counted implements StreamObserver<Int64Value> {
    final AtomicLong expected = new AtomicLong();
    private long lastNanos = System.nanoTime();

    @Override
    public void onNext(Int64Value number) {
      long now = System.nanoTime();
      long unused = worstGapNanos.accumulateAndGet(now - lastNanos, Math::max);
      lastNanos = now;
      if (number.getValue() != expected.getAndIncrement()) {
        failures.add("a stream has another number than the next");
      }
    }

    @Override
    public void onError(Throwable problem) {
      if (!over) {
        failures.add("a stream ended: " + problem.getMessage());
      }
    }

    @Override
    public void onCompleted() {
      failures.add("a stream ended");
    }
  }
}
