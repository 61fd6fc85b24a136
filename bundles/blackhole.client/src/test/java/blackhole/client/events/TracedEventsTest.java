package blackhole.client.events;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.events.Event;
import blackhole.api.events.EventListener;
import blackhole.api.observe.Span;
import blackhole.api.observe.TraceContext;
import blackhole.api.observe.Tracer;
import blackhole.api.registry.CallPolicy;
import blackhole.api.rpc.Channels;
import blackhole.api.service.HostInfo;
import blackhole.client.Await;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.events.v1.PublishResponse;
import blackhole.events.v1.SubscribeRequest;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A trace that goes on from who publishes an event to who hears of it. */
@Timeout(120)
class TracedEventsTest {
  private static final TraceContext PUBLISHING = TraceContext.root(true);

  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final Tracer tracer = new Tracer(spans::addAll);
  private final List<Optional<String>> heardIn = new CopyOnWriteArrayList<>();
  private final Stream stream = new Stream();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private Server server;
  private ManagedChannel channel;
  private EventBusComponent bus;
  private Listening listening;

  /** Sends what is published to the one who has subscribed. */
  private static final class Stream extends EventStreamGrpc.EventStreamImplBase {
    private final List<blackhole.events.v1.Event> published = new CopyOnWriteArrayList<>();
    private volatile @Nullable StreamObserver<blackhole.events.v1.Event> subscriber;

    @Override
    public void publishEvent(
        blackhole.events.v1.Event event, StreamObserver<PublishResponse> answer) {
      published.add(event);
      answer.onNext(PublishResponse.newBuilder().setPosition(published.size()).build());
      answer.onCompleted();
      StreamObserver<blackhole.events.v1.Event> present = subscriber;
      if (present != null) {
        present.onNext(event);
      }
    }

    @Override
    public void subscribe(
        SubscribeRequest request, StreamObserver<blackhole.events.v1.Event> events) {
      subscriber = events;
    }
  }

  private final class Listener implements EventListener {
    @Override
    public List<String> types() {
      return List.of("did.*");
    }

    @Override
    public void onEvent(Event event) {
      heardIn.add(TraceContext.currentTraceId());
    }
  }

  private record To(Channel channel) implements Channels {
    @Override
    public Channel to(String service) {
      return channel;
    }

    @Override
    public Channel to(String service, UnaryOperator<CallPolicy> override) {
      return channel;
    }
  }

  /** The host of the service that publishes. */
  private static final class Identity implements HostInfo {
    @Override
    public String service() {
      return "identity";
    }

    @Override
    public int instance() {
      return 1;
    }

    @Override
    public String nodeId() {
      return "node-a";
    }

    @Override
    public Path socket() {
      return Path.of("identity-1.sock");
    }

    @Override
    public OptionalInt port() {
      return OptionalInt.empty();
    }

    @Override
    public Optional<Path> dataDirectory() {
      return Optional.empty();
    }
  }

  @BeforeEach
  void start() throws Exception {
    tracer.record(0);
    String name = InProcessServerBuilder.generateName();
    server = InProcessServerBuilder.forName(name).addService(stream).build().start();
    channel = InProcessChannelBuilder.forName(name).build();
    bus = new EventBusComponent(new To(channel), new Identity());
    listening = new Listening(channel, "did.*", new Listener(), new Object(), timer, () -> tracer);
    listening.start();
    Await.until("it has subscribed", () -> stream.subscriber != null);
  }

  @AfterEach
  void stop() throws InterruptedException {
    listening.close();
    timer.shutdownNow();
    channel.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
  }

  private void publish(Context context, Event event) throws Exception {
    int before = heardIn.size();
    long unused = context.call(() -> bus.publish(event)).get(60, TimeUnit.SECONDS);
    Await.until("it is heard", () -> heardIn.size() > before);
  }

  @Test
  void whoHearsOfAnEventIsBelowWhoPublishedIt() throws Exception {
    publish(PUBLISHING.in(Context.ROOT), Event.of("1", "did.created"));
    assertThat(heardIn).containsExactly(Optional.of(PUBLISHING.traceId()));
    Await.until("its span has ended", () -> !spans.isEmpty());
    Span heard = spans.get(0);
    assertThat(heard.kind()).isEqualTo(Span.Kind.CONSUMER);
    assertThat(heard.traceId()).isEqualTo(PUBLISHING.traceId());
    assertThat(heard.parentId()).isEqualTo(PUBLISHING.spanIdText());
  }

  @Test
  void anEventThatNamesItsTraceKeepsThatOneAndKnowsNoSpan() throws Exception {
    String other = TraceContext.root(true).traceId();
    publish(PUBLISHING.in(Context.ROOT), Event.of("1", "did.created").withTraceId(other));
    assertThat(heardIn).containsExactly(Optional.of(other));
    Await.until("its span has ended", () -> !spans.isEmpty());
    assertThat(spans.get(0).parentId()).isEmpty();
  }

  @Test
  void whatNobodyRecordsIsNotCarried() throws Exception {
    publish(Context.ROOT, Event.of("1", "did.created"));
    publish(TraceContext.root(false).in(Context.ROOT), Event.of("2", "did.created"));
    assertThat(heardIn).containsExactly(Optional.empty(), Optional.empty());
    assertThat(stream.published)
        .allSatisfy(event -> assertThat(event.getTraceId() + event.getSpanId()).isEmpty());
    assertThat(spans).isEmpty();
  }
}
