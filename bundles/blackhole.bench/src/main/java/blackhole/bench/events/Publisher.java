package blackhole.bench.events;

import blackhole.events.v1.Event;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.events.v1.PublishResponse;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Publishes events of about 200 bytes, so many in flight at once. Used by one thread. */
final class Publisher {
  /** What subscribers measure. */
  static final String MEASURED = "bench.measured";

  /** What tells them something else. */
  static final String MARK = "bench.mark";

  private static final int IN_FLIGHT = 64;
  private static final int DATA_BYTES = 100;

  private final EventStreamGrpc.EventStreamStub stub;
  private final Semaphore room = new Semaphore(IN_FLIGHT);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicLong last = new AtomicLong();

  /** The service takes two events of one name for one. */
  private final String name = UUID.randomUUID().toString();

  private long ids;

  Publisher(Channel channel) {
    stub = EventStreamGrpc.newStub(channel).withExecutor(Runnable::run);
  }

  /** Waits for room, not for the answer. */
  void publish(String type) throws InterruptedException {
    room.acquire();
    check();
    ByteBuffer data = ByteBuffer.allocate(DATA_BYTES).putLong(System.nanoTime());
    Event event =
        Event.newBuilder()
            .setId(name + "-" + ids++)
            .setType(type)
            .setSource("bench")
            .setData(
                Any.newBuilder()
                    .setTypeUrl("bench/time")
                    .setValue(ByteString.copyFrom(data.array())))
            .build();
    stub.publishEvent(
        event,
        new StreamObserver<>() {
          @Override
          public void onNext(PublishResponse response) {
            last.accumulateAndGet(response.getPosition(), Math::max);
          }

          @Override
          public void onError(Throwable problem) {
            failure.set(problem);
            room.release();
          }

          @Override
          public void onCompleted() {
            room.release();
          }
        });
  }

  /** Waits for all answers, and gives the last position. */
  long await() throws InterruptedException {
    room.acquire(IN_FLIGHT);
    room.release(IN_FLIGHT);
    check();
    return last.get();
  }

  private void check() {
    Throwable problem = failure.get();
    if (problem != null) {
      throw new IllegalStateException("an event was not published", problem);
    }
  }

  /** When an event was published, as {@link System#nanoTime} has it. */
  static long publishedNanos(Event event) {
    return event.getData().getValue().asReadOnlyByteBuffer().getLong();
  }
}
