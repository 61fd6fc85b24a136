package blackhole.orchestrator.event;

import blackhole.api.registry.RemoteFallback;
import blackhole.api.rpc.CallerIdentity;
import blackhole.api.rpc.Channels;
import blackhole.api.rpc.ResumedStreams;
import blackhole.events.v1.Event;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.events.v1.PublishResponse;
import blackhole.events.v1.SubscribeRequest;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The events service of this node, called with the secret of this process. Thread-safe. */
final class StreamClient {
  /** By the name that it has on every node. */
  static final String SERVICE = "events";

  private final Channel channel;

  StreamClient(Channels channels, String callToken) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of(CallerIdentity.CALL_TOKEN_HEADER, Metadata.ASCII_STRING_MARSHALLER),
        callToken);
    this.channel =
        ClientInterceptors.intercept(
            // the secret is for this node alone
            channels.to(SERVICE, policy -> policy.withRemoteFallback(RemoteFallback.NEVER)),
            MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  CompletionStage<Long> publish(Event event) {
    CompletableFuture<Long> position = new CompletableFuture<>();
    Context.ROOT.run(
        () ->
            EventStreamGrpc.newStub(channel)
                .publishEvent(
                    event,
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

  /** Begins a subscription, which goes on behind what it has had when its process is replaced. */
  Subscription subscribe(SubscribeRequest request) {
    Channel resumed =
        ClientInterceptors.intercept(
            channel,
            ResumedStreams.of(
                EventStreamGrpc.getSubscribeMethod(),
                (asked, got) -> asked.toBuilder().setFromPosition(got.getPosition() + 1).build()));
    return Subscription.begin(resumed, request);
  }
}
