package blackhole.endpoint;

import static blackhole.endpoint.EndpointFixture.options;
import static blackhole.endpoint.EndpointFixture.say;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that opens a stream and doesn't read it. */
class SlowReaderTest {
  private static final String SERVICE = "test.Flood";
  private static final MethodDescriptor<String, String> FLOOD =
      EchoService.method(SERVICE, "Flood", MethodType.SERVER_STREAMING);
  private static final String KILOBYTE = "x".repeat(1024);

  /** HTTP/2's window is a megabyte in gRPC, and what is queued before that is less. */
  private static final int BOUND_KILOBYTES = 4 * 1024;

  @TempDir Path directory;
  private final AtomicInteger sentKilobytes = new AtomicInteger();
  private EndpointFixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = new EndpointFixture(directory.resolve("s"));
    fixture.services.add(1, 0, new EchoService(text -> text));
    fixture.services.add(
        2,
        0,
        () ->
            ServerServiceDefinition.builder(SERVICE)
                .addMethod(FLOOD, ServerCalls.asyncServerStreamingCall(this::flood))
                .build());
    fixture.endpoint.open(fixture.address(OptionalInt.of(0)));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void flood(String request, StreamObserver<String> observer) {
    ServerCallStreamObserver<String> stream = (ServerCallStreamObserver<String>) observer;
    stream.setOnReadyHandler(
        () -> {
          while (stream.isReady()) {
            stream.onNext(KILOBYTE);
            sentKilobytes.incrementAndGet();
          }
        });
    stream.setOnCancelHandler(() -> {});
  }

  @Test
  void costsBoundedMemoryAndDisturbsNobodyOnTheUnixSocket() throws Exception {
    hold(fixture.channel());
  }

  @Test
  void costsBoundedMemoryAndDisturbsNobodyOverTcp() throws Exception {
    ManagedChannel tcp =
        NettyChannelBuilder.forAddress("127.0.0.1", fixture.endpoint.port()).usePlaintext().build();
    try {
      hold(tcp);
    } finally {
      tcp.shutdownNow();
    }
  }

  private void hold(ManagedChannel channel) throws Exception {
    AtomicInteger received = new AtomicInteger();
    ClientCall<String, String> call = channel.newCall(FLOOD, options().withDeadline(null));
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(String message) {
            received.incrementAndGet();
          }
        },
        new Metadata());
    call.sendMessage("");
    call.halfClose();
    // asks for one message, which shows that the stream flows, and for no more
    call.request(1);
    Await.until("the stream flows", () -> received.get() == 1);

    for (int i = 0; i < 200; i++) {
      assertThat(say(channel, "others")).isEqualTo("others");
    }
    int sent = sentKilobytes.get();
    assertThat(sent).isLessThan(BOUND_KILOBYTES);

    call.request(2 * BOUND_KILOBYTES);
    Await.until("it goes on when read", () -> received.get() > 2 * BOUND_KILOBYTES);
    call.cancel("enough", null);
    Await.until("it is over", () -> fixture.calls.active() == 0);
  }
}
