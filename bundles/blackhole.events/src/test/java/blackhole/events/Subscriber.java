package blackhole.events;

import blackhole.events.v1.Event;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.events.v1.SubscribeRequest;
import blackhole.testkit.Await;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Subscribe whose messages are asked for by number, as gRPC's flow control has it. */
final class Subscriber extends ClientCall.Listener<Event> implements AutoCloseable {
  private final ClientCall<SubscribeRequest, Event> call;

  // guarded by this
  private final List<Long> positions = new ArrayList<>();
  private @Nullable Metadata headers;
  private @Nullable StatusRuntimeException end;

  Subscriber(Channel channel, SubscribeRequest request) {
    call = channel.newCall(EventStreamGrpc.getSubscribeMethod(), CallOptions.DEFAULT);
    call.start(this, new Metadata());
    call.sendMessage(request);
    call.halfClose();
  }

  /** Waits until the subscription has begun, and gives its first position. */
  long awaitBegin() throws Exception {
    Await.until("the headers are there", () -> headers() != null || end() != null);
    Metadata got = headers();
    if (got == null) {
      throw end();
    }
    return Long.parseLong(got.get(SubscriberCall.FROM));
  }

  void request(int messages) {
    call.request(messages);
  }

  @Override
  public synchronized void onHeaders(Metadata got) {
    headers = got;
  }

  @Override
  public synchronized void onMessage(Event event) {
    positions.add(event.getPosition());
  }

  @Override
  public synchronized void onClose(Status status, Metadata trailers) {
    end = status.asRuntimeException(trailers);
  }

  synchronized List<Long> positions() {
    return List.copyOf(positions);
  }

  private synchronized @Nullable Metadata headers() {
    return headers;
  }

  synchronized @Nullable StatusRuntimeException end() {
    return end;
  }

  @Override
  public void close() {
    call.cancel("the test is over", null);
  }
}
