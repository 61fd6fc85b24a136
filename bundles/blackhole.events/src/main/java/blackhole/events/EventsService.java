package blackhole.events;

import blackhole.api.service.Caller;
import blackhole.events.v1.AcknowledgeRequest;
import blackhole.events.v1.AcknowledgeResponse;
import blackhole.events.v1.Event;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.events.v1.PublishResponse;
import blackhole.events.v1.SubscribeRequest;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The gRPC face: takes requests apart, and puts answers and statuses together. Nothing blocks. */
@Component(service = BindableService.class)
public final class EventsService implements BindableService, EventStreamGrpc.AsyncService {
  private final EventsCore core;

  @Activate
  public EventsService(@Reference EventsCore core) {
    this.core = core;
  }

  /** What is generated, and headers that are sent when a subscription begins. */
  @Override
  public ServerServiceDefinition bindService() {
    return ServerInterceptors.intercept(EventStreamGrpc.bindService(this), new EarlyHeaders());
  }

  @Override
  public void publishEvent(Event request, StreamObserver<PublishResponse> observer) {
    // lets an answer that comes too late pass without an exception
    ((ServerCallStreamObserver<PublishResponse>) observer).setOnCancelHandler(() -> {});
    Event event;
    try {
      event =
          Requests.event(
              request,
              core.settings().maxEventBytes(),
              Caller.current(),
              System.currentTimeMillis());
    } catch (RuntimeException e) {
      observer.onError(Statuses.of(e));
      return;
    }
    core.stream()
        .publish(event)
        .whenComplete(
            (position, failure) -> {
              if (failure != null) {
                observer.onError(Statuses.of(failure));
                return;
              }
              observer.onNext(
                  PublishResponse.newBuilder().setSuccess(true).setPosition(position).build());
              observer.onCompleted();
            });
  }

  @Override
  public void subscribe(SubscribeRequest request, StreamObserver<Event> observer) {
    try {
      new SubscriberCall((ServerCallStreamObserver<Event>) observer)
          .start(core.stream(), Requests.wanted(request));
    } catch (RuntimeException e) {
      observer.onError(Statuses.of(e));
    }
  }

  @Override
  public void acknowledge(
      AcknowledgeRequest request, StreamObserver<AcknowledgeResponse> observer) {
    // lets an answer that comes too late pass without an exception
    ((ServerCallStreamObserver<AcknowledgeResponse>) observer).setOnCancelHandler(() -> {});
    try {
      core.stream().acknowledge(request.getGroup(), Requests.acknowledged(request));
    } catch (RuntimeException e) {
      observer.onError(Statuses.of(e));
      return;
    }
    observer.onNext(AcknowledgeResponse.getDefaultInstance());
    observer.onCompleted();
  }
}
