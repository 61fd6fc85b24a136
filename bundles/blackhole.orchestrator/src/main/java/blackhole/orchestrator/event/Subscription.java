package blackhole.orchestrator.event;

import blackhole.events.v1.Event;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.events.v1.SubscribeRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A subscription that is read by one thread, which may wait; the stream waits for it. */
final class Subscription extends ClientCall.Listener<Event> implements AutoCloseable {
  /** The service says in it where a subscription begins. */
  private static final Metadata.Key<String> FROM =
      Metadata.Key.of("blackhole-events-from", Metadata.ASCII_STRING_MARSHALLER);

  private static final int AHEAD = 64;

  private record Item(@Nullable Event event, Status end) {}

  private final ClientCall<SubscribeRequest, Event> call;
  private final CompletableFuture<Long> begins = new CompletableFuture<>();

  /** No more than are asked for, and the end. */
  private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();

  private Subscription(ClientCall<SubscribeRequest, Event> call) {
    this.call = call;
  }

  static Subscription begin(Channel channel, SubscribeRequest request) {
    // lives as long as its reader wants it to, whatever that is in
    Context before = Context.ROOT.attach();
    try {
      return begun(channel, request);
    } finally {
      Context.ROOT.detach(before);
    }
  }

  private static Subscription begun(Channel channel, SubscribeRequest request) {
    ClientCall<SubscribeRequest, Event> call =
        channel.newCall(EventStreamGrpc.getSubscribeMethod(), CallOptions.DEFAULT);
    Subscription subscription = new Subscription(call);
    call.start(subscription, new Metadata());
    call.request(AHEAD);
    call.sendMessage(request);
    call.halfClose();
    return subscription;
  }

  @Override
  public void onHeaders(Metadata headers) {
    String from = headers.get(FROM);
    begins.complete(from == null ? 0 : Long.parseLong(from));
  }

  @Override
  public void onMessage(Event event) {
    items.add(new Item(event, Status.OK));
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    begins.completeExceptionally(status.asRuntimeException());
    items.add(new Item(null, status));
  }

  /**
   * Waits until the stream has taken the subscription.
   *
   * @return the first position that it is about
   * @throws StreamEndedException if it did not take it
   */
  long begins() throws StreamEndedException, InterruptedException {
    try {
      return begins.get();
    } catch (ExecutionException e) {
      throw new StreamEndedException(Status.fromThrowable(e));
    }
  }

  /**
   * Waits for the next event.
   *
   * @return empty when none has come for so long
   * @throws StreamEndedException when none will come
   */
  Optional<Event> next(Duration patience) throws StreamEndedException, InterruptedException {
    Item item = items.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    if (item == null) {
      return Optional.empty();
    }
    Event event = item.event();
    if (event == null) {
      throw new StreamEndedException(item.end());
    }
    call.request(1);
    return Optional.of(event);
  }

  @Override
  public void close() {
    call.cancel("nobody reads any more", null);
  }
}
