package blackhole.endpoint;

import static blackhole.endpoint.EndpointFixture.options;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.rpc.TlsMaterial;
import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections over TCP are made anew when they are old, and no call notices. */
class ConnectionAgeTest {
  /** The least that gRPC takes. */
  private static final Duration AGE = Duration.ofSeconds(1);

  @TempDir Path directory;

  /** From where calls were made: one for each connection. */
  private final Set<SocketAddress> connections = ConcurrentHashMap.newKeySet();

  @Test
  void callsMoveToANewConnectionAndThoseInFlightEndOnTheOldOne() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (EndpointFixture fixture =
        new EndpointFixture(directory.resolve("s"), TlsMaterial.RELOAD_INTERVAL, AGE)) {
      fixture.services.add(
          1,
          0,
          new EchoService(
              text -> {
                if (text.equals("long")) {
                  begun.countDown();
                  await(release);
                }
                return text;
              }));
      fixture.endpoint.open(fixture.address(OptionalInt.of(0)));
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", fixture.endpoint.port())
              .usePlaintext()
              .disableRetry()
              .build();
      try {
        Channel watched = ClientInterceptors.intercept(channel, new Watch());
        ListenableFuture<String> inFlight =
            ClientCalls.futureUnaryCall(watched.newCall(EchoService.say(), options()), "long");
        Await.open(begun);

        Await.until(
            "calls have come over three connections",
            () -> {
              // it throws when one fails
              assertThat(
                      ClientCalls.blockingUnaryCall(watched, EchoService.say(), options(), "short"))
                  .isEqualTo("short");
              return connections.size() >= 3;
            });

        assertThat(inFlight).isNotDone();
        release.countDown();
        assertThat(inFlight.get(20, TimeUnit.SECONDS)).isEqualTo("long");
      } finally {
        release.countDown();
        channel.shutdownNow();
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      Await.open(latch);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private final class Watch implements ClientInterceptor {
    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(
        MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<R> listener, Metadata headers) {
          super.start(
              new SimpleForwardingClientCallListener<>(listener) {
                @Override
                public void onHeaders(Metadata answered) {
                  connections.add(
                      Objects.requireNonNull(getAttributes().get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR)));
                  super.onHeaders(answered);
                }
              },
              headers);
        }
      };
    }
  }
}
