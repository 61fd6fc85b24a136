package blackhole.events;

import blackhole.events.call.EventsException;
import blackhole.events.stream.EventStream;
import blackhole.events.stream.Sink;
import blackhole.events.stream.Wanted;
import blackhole.events.v1.Event;
import io.grpc.Metadata;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.CompletableFuture;

/** One Subscribe: a sink that is ready when the transport is. */
final class SubscriberCall implements Sink {
  /** Which position the answer begins at. */
  static final Metadata.Key<String> FROM =
      Metadata.Key.of("blackhole-events-from", Metadata.ASCII_STRING_MARSHALLER);

  private final ServerCallStreamObserver<Event> answer;

  /** The transport may call back before there is one. */
  private final CompletableFuture<EventStream.Subscriber> subscriber = new CompletableFuture<>();

  private volatile boolean begun;

  SubscriberCall(ServerCallStreamObserver<Event> answer) {
    this.answer = answer;
  }

  /**
   * Returns at once; events are sent from other threads.
   *
   * @throws EventsException if it cannot be; then nothing was answered yet
   */
  synchronized void start(EventStream stream, Wanted wanted) {
    answer.setOnReadyHandler(() -> subscriber.thenAccept(EventStream.Subscriber::ready));
    answer.setOnCancelHandler(() -> subscriber.thenAccept(EventStream.Subscriber::leave));
    EventStream.Subscriber made = stream.subscribe(wanted, this);
    Metadata headers = new Metadata();
    headers.put(FROM, Long.toString(made.from()));
    EarlyHeaders.send(headers);
    begun = true;
    subscriber.complete(made);
    made.ready();
  }

  @Override
  public boolean isReady() {
    return begun && answer.isReady();
  }

  @Override
  public void send(Event event) {
    answer.onNext(event);
  }

  /** Not before the headers are sent. */
  @Override
  public synchronized void end(EventsException why) {
    answer.onError(Statuses.of(why));
  }
}
