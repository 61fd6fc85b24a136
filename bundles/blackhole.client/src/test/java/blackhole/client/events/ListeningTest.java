package blackhole.client.events;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.events.Event;
import blackhole.api.events.EventListener;
import blackhole.client.Await;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.events.v1.SlowPolicy;
import blackhole.events.v1.SubscribeRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener, and a stream that breaks off where the test wants it to. */
@Timeout(120)
class ListeningTest {
  private static final Metadata.Key<String> FROM =
      Metadata.Key.of("blackhole-events-from", Metadata.ASCII_STRING_MARSHALLER);

  /** What one stream sends, and how it ends; null for one that stays open. */
  private record Part(List<Long> positions, @Nullable Status end) {}

  private final Queue<Part> parts = new ArrayDeque<>();
  private final List<SubscribeRequest> requests = new CopyOnWriteArrayList<>();
  private final List<String> cancelled = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Recorder recorder = new Recorder();
  private Server server;
  private ManagedChannel channel;
  private Listening listening;

  private static final class Recorder implements EventListener {
    final List<Long> positions = new CopyOnWriteArrayList<>();
    volatile long failAt;

    @Override
    public List<String> types() {
      return List.of("did.*");
    }

    @Override
    public String group() {
      return "readers";
    }

    @Override
    public void onEvent(Event event) {
      positions.add(event.position());
      if (event.position() == failAt) {
        throw new IllegalStateException("not this one");
      }
    }
  }

  @BeforeEach
  void start() throws IOException {
    String name = InProcessServerBuilder.generateName();
    ServerServiceDefinition service =
        ServerServiceDefinition.builder(EventStreamGrpc.SERVICE_NAME)
            .addMethod(EventStreamGrpc.getSubscribeMethod(), (call, headers) -> serve(call))
            .build();
    server = InProcessServerBuilder.forName(name).addService(service).build().start();
    channel = InProcessChannelBuilder.forName(name).build();
    listening = new Listening(channel, "did.*", recorder, new Object(), timer, () -> null);
  }

  @AfterEach
  void stop() throws InterruptedException {
    listening.close();
    timer.shutdownNow();
    channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
  }

  private ServerCall.Listener<SubscribeRequest> serve(
      ServerCall<SubscribeRequest, blackhole.events.v1.Event> call) {
    call.request(2);
    return new ServerCall.Listener<>() {
      @Override
      public void onMessage(SubscribeRequest request) {
        requests.add(request);
      }

      @Override
      public void onHalfClose() {
        Metadata headers = new Metadata();
        headers.put(FROM, "5");
        call.sendHeaders(headers);
        Part part = next();
        if (part != null) {
          part.positions().forEach(position -> call.sendMessage(event(position)));
          if (part.end() != null) {
            call.close(part.end(), new Metadata());
          }
        }
      }

      @Override
      public void onCancel() {
        cancelled.add("");
      }
    };
  }

  private synchronized @Nullable Part next() {
    return parts.poll();
  }

  private static blackhole.events.v1.Event event(long position) {
    return blackhole.events.v1.Event.newBuilder().setPosition(position).build();
  }

  private void listen(Part... all) {
    parts.addAll(List.of(all));
    listening.start();
  }

  private List<Long> asked() {
    List<Long> from = new ArrayList<>();
    requests.forEach(request -> from.add(request.getFromPosition()));
    return from;
  }

  @Test
  void goesOnWhereItWasWhenItsStreamBreaksOff() throws Exception {
    listen(
        new Part(List.of(), Status.UNAVAILABLE),
        new Part(List.of(5L, 6L, 7L), Status.UNAVAILABLE),
        new Part(List.of(9L), null));
    Await.until("all are there", () -> recorder.positions.size() == 4);
    assertThat(recorder.positions).containsExactly(5L, 6L, 7L, 9L);
    // before the first event, from where the first stream said that it began
    assertThat(asked()).containsExactly(0L, 5L, 8L);
    assertThat(requests.get(0).getEventType()).isEqualTo("did.*");
    assertThat(requests.get(0).getGroup()).isEqualTo("readers");
    assertThat(requests.get(0).getPolicy()).isEqualTo(SlowPolicy.BLOCK);
  }

  @Test
  void goesOnWithTheNextEventWhenItsListenerFails() throws Exception {
    recorder.failAt = 6;
    listen(new Part(List.of(5L, 6L, 7L), null));
    Await.until("all are there", () -> recorder.positions.size() == 3);
    assertThat(recorder.positions).containsExactly(5L, 6L, 7L);
  }

  @Test
  void beginsAnewWhenItsPositionIsNotThereAnyMore() throws Exception {
    listen(
        new Part(List.of(50L), Status.UNAVAILABLE),
        new Part(List.of(), Status.OUT_OF_RANGE),
        new Part(List.of(5L), null));
    Await.until("all are there", () -> recorder.positions.size() == 2);
    assertThat(recorder.positions).containsExactly(50L, 5L);
    assertThat(asked()).containsExactly(0L, 51L, 0L);
  }

  @Test
  void endsItsStreamWhenItIsClosed() throws Exception {
    listen();
    Await.until("it has subscribed", () -> requests.size() == 1);
    listening.close();
    Await.until("its stream has ended", () -> cancelled.size() == 1);
    listening.start();
    assertThat(requests).hasSize(1);
  }
}
