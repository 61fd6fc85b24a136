package blackhole.client.events;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.events.Event;
import blackhole.api.events.EventListener;
import blackhole.client.Await;
import blackhole.events.v1.AcknowledgeRequest;
import blackhole.events.v1.AcknowledgeResponse;
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
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
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
  private final Queue<Status> refusals = new ConcurrentLinkedQueue<>();
  private final List<AcknowledgeRequest> acknowledgements = new CopyOnWriteArrayList<>();
  private final List<Long> acknowledged = new CopyOnWriteArrayList<>();
  private final List<String> cancelled = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Recorder recorder = new Recorder();
  private Server server;
  private ManagedChannel channel;
  private Listening listening;

  private static final class Recorder implements EventListener {
    final List<Long> positions = new CopyOnWriteArrayList<>();
    volatile long failAt;
    volatile long waitAt;
    volatile @Nullable CountDownLatch gate;

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
      CountDownLatch closed = gate;
      if (event.position() == waitAt && closed != null) {
        try {
          assertThat(closed.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
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
            .addMethod(
                EventStreamGrpc.getAcknowledgeMethod(),
                ServerCalls.asyncUnaryCall(this::acknowledge))
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

  private void acknowledge(
      AcknowledgeRequest request, StreamObserver<AcknowledgeResponse> observer) {
    Status refusal = refusals.poll();
    acknowledgements.add(request);
    if (refusal != null) {
      observer.onError(refusal.asRuntimeException());
      return;
    }
    acknowledged.addAll(request.getPositionsList());
    observer.onNext(AcknowledgeResponse.getDefaultInstance());
    observer.onCompleted();
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
  void acknowledgesWhatItsListenerHasDoneWith() throws Exception {
    recorder.failAt = 6;
    listen(new Part(List.of(5L, 6L), Status.UNAVAILABLE), new Part(List.of(7L), null));
    Await.until("all are acknowledged", () -> acknowledged.size() == 3);
    assertThat(acknowledged).containsExactly(5L, 6L, 7L);
    assertThat(acknowledgements).allMatch(request -> request.getGroup().equals("readers"));
    assertThat(requests).allMatch(SubscribeRequest::getAcknowledge);
  }

  @Test
  void acknowledgesNothingThatItsListenerHasNotDoneWith() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    recorder.waitAt = 6;
    recorder.gate = busy;
    listen(new Part(List.of(5L, 6L, 7L), null));
    Await.until("it is at work", () -> recorder.positions.contains(6L));
    Await.until("the one before is acknowledged", () -> !acknowledged.isEmpty());
    assertThat(acknowledged).containsExactly(5L);
    busy.countDown();
    Await.until("all are acknowledged", () -> acknowledged.size() == 3);
  }

  @Test
  void acknowledgesAgainWhatTheStreamDidNotHear() throws Exception {
    refusals.addAll(List.of(Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED));
    listen(new Part(List.of(5L, 6L, 7L), null));
    Await.until("all are acknowledged", () -> acknowledged.size() == 3);
    assertThat(acknowledged).containsExactlyInAnyOrder(5L, 6L, 7L);
    assertThat(acknowledgements).hasSizeGreaterThan(2);
  }

  @Test
  void goesOnWithAStreamThatKnowsNoAcknowledgements() throws Exception {
    refusals.add(Status.UNIMPLEMENTED);
    listen(new Part(List.of(5L), null));
    Await.until("it was refused", () -> acknowledgements.size() == 1);
    assertThat(acknowledged).isEmpty();
    assertThat(recorder.positions).containsExactly(5L);
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
