package blackhole.bench.events;

import blackhole.events.v1.Event;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.events.v1.PublishResponse;
import blackhole.events.v1.SubscribeRequest;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The baseline: gRPC's own streams, with nothing kept and nothing promised. */
final class BareStream implements BindableService, EventStreamGrpc.AsyncService {
  private final List<StreamObserver<Event>> subscribers = new CopyOnWriteArrayList<>();
  private long position; // guarded by this

  @Override
  public ServerServiceDefinition bindService() {
    return EventStreamGrpc.bindService(this);
  }

  @Override
  public void publishEvent(Event request, StreamObserver<PublishResponse> answer) {
    long given;
    synchronized (this) {
      given = ++position;
      Event event = request.toBuilder().setPosition(given).build();
      for (StreamObserver<Event> subscriber : subscribers) {
        subscriber.onNext(event);
      }
    }
    answer.onNext(PublishResponse.newBuilder().setSuccess(true).setPosition(given).build());
    answer.onCompleted();
  }

  @Override
  public void subscribe(SubscribeRequest request, StreamObserver<Event> observer) {
    ((ServerCallStreamObserver<Event>) observer)
        .setOnCancelHandler(() -> subscribers.remove(observer));
    subscribers.add(observer);
  }
}
