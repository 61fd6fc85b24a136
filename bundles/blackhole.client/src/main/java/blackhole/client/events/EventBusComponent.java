package blackhole.client.events;

import blackhole.api.events.Event;
import blackhole.api.events.EventBus;
import blackhole.api.observe.TraceContext;
import blackhole.api.rpc.Channels;
import blackhole.api.service.HostInfo;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.events.v1.PublishResponse;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Publishes by calling the events service; made when somebody asks for it. */
@Component
public final class EventBusComponent implements EventBus {
  /** By the name that it has on every node. */
  static final String SERVICE = "events";

  private final Channels channels;
  private final String source;

  @Activate
  public EventBusComponent(@Reference Channels channels, @Reference HostInfo host) {
    this.channels = channels;
    this.source = host.service();
  }

  @Override
  public CompletableFuture<Long> publish(Event event) {
    CompletableFuture<Long> position = new CompletableFuture<>();
    Channel channel = channels.to(SERVICE);
    blackhole.events.v1.Event message = traced(EventMessages.message(event, source));
    // what has happened is published also when who made it happen has gone
    Context.current()
        .fork()
        .run(
            () ->
                EventStreamGrpc.newStub(channel)
                    .publishEvent(
                        message,
                        new StreamObserver<>() {
                          @Override
                          public void onNext(PublishResponse response) {
                            position.complete(response.getPosition());
                          }

                          @Override
                          public void onError(Throwable failure) {
                            position.completeExceptionally(failure);
                          }

                          @Override
                          public void onCompleted() {}
                        }));
    return position;
  }

  /** It belongs to the trace in which it is published, unless it says otherwise. */
  private static blackhole.events.v1.Event traced(blackhole.events.v1.Event event) {
    TraceContext current = TraceContext.current();
    return current == null || !current.sampled() || !event.getTraceId().isEmpty()
        ? event
        : event.toBuilder().setTraceId(current.traceId()).setSpanId(current.spanIdText()).build();
  }
}
