package blackhole.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.access.v1.Access;
import blackhole.access.v1.AccessOuterClass;
import blackhole.api.rpc.RpcStatus;
import blackhole.api.service.Caller;
import blackhole.api.service.HealthStatus;
import blackhole.events.v1.AcknowledgeRequest;
import blackhole.events.v1.Event;
import blackhole.events.v1.EventStreamGrpc;
import blackhole.events.v1.PublishResponse;
import blackhole.events.v1.SlowPolicy;
import blackhole.events.v1.SubscribeRequest;
import blackhole.testkit.Await;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over a Unix socket, as a caller sees it. */
@Timeout(180)
class EventsServiceTest {
  private static final int BUFFER = 5;

  /** So that a transport with nobody at its end takes a few of them. */
  private static final ByteString LARGE = ByteString.copyFrom(new byte[20_000]);

  @TempDir Path data;
  private RunningEvents events;
  private final List<Subscriber> subscribers = new ArrayList<>();
  private int ids;

  @BeforeEach
  void start() throws IOException {
    events = new RunningEvents(data, TestConfig.with("maxEventSize", 30_000L));
  }

  @AfterEach
  void stop() throws Exception {
    subscribers.forEach(Subscriber::close);
    events.close();
  }

  private Event.Builder event() {
    return Event.newBuilder().setId("id-" + ids++).setType("blob.stored").setSource("storage");
  }

  private void publishLarge(int count) {
    for (int i = 0; i < count; i++) {
      long unused =
          events.publish(
              event().setData(Any.newBuilder().setTypeUrl("t/x").setValue(LARGE)).build());
    }
  }

  private Subscriber subscribe(SubscribeRequest request) throws Exception {
    Subscriber subscriber = new Subscriber(events.channel, request);
    subscribers.add(subscriber);
    long unused = subscriber.awaitBegin();
    return subscriber;
  }

  private Subscriber subscribe(SlowPolicy policy) throws Exception {
    return subscribe(SubscribeRequest.newBuilder().setBuffer(BUFFER).setPolicy(policy).build());
  }

  private double metric(String name) {
    return events.core.stream().metrics().get(name);
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  private static StatusRuntimeException failure(Runnable call, Status.Code code) {
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).as(e.toString()).isEqualTo(code);
      return e;
    }
    throw new AssertionError("it did not fail");
  }

  private static List<String> fields(StatusRuntimeException failure) {
    try {
      for (Any detail : StatusProto.fromThrowable(failure).getDetailsList()) {
        if (detail.is(BadRequest.class)) {
          return detail.unpack(BadRequest.class).getFieldViolationsList().stream()
              .map(BadRequest.FieldViolation::getField)
              .toList();
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    return List.of();
  }

  @Test
  void goesTheWholeWay() throws Exception {
    Iterator<Event> answer = events.stub().subscribe(SubscribeRequest.getDefaultInstance());
    Await.until("it has subscribed", () -> metric("subscribers") == 1);
    Event event =
        event()
            .setTimestamp(42)
            .setData(Any.pack(PublishResponse.newBuilder().setPosition(7).build()))
            .setTraceId("0af7651916cd43dd8448eb211c80319c")
            .build();
    PublishResponse published = events.stub().publishEvent(event);
    assertThat(published)
        .isEqualTo(PublishResponse.newBuilder().setSuccess(true).setPosition(1).build());
    assertThat(answer.next()).isEqualTo(event.toBuilder().setPosition(1).build());
    assertThat(events.stub().publishEvent(event)).isEqualTo(published);
    assertThat(events.publish(event().build())).isEqualTo(2);
    Event second = answer.next();
    assertThat(second.getPosition()).isEqualTo(2);
    assertThat(second.getTimestamp()).isGreaterThan(1_700_000_000_000L);
  }

  @Test
  void saysAtOnceWhereASubscriptionBegins() throws Exception {
    Subscriber early = new Subscriber(events.channel, SubscribeRequest.getDefaultInstance());
    subscribers.add(early);
    assertThat(early.awaitBegin()).isEqualTo(1);
    long unused = events.publish(event().build());
    Subscriber late = new Subscriber(events.channel, SubscribeRequest.getDefaultInstance());
    subscribers.add(late);
    assertThat(late.awaitBegin()).isEqualTo(2);
  }

  @Test
  void goesOnWhereItIsAskedToAfterARestart() throws Exception {
    publishLarge(8);
    stop();
    start();
    Subscriber subscriber = subscribe(SubscribeRequest.newBuilder().setFromPosition(3).build());
    subscriber.request(100);
    publishLarge(1);
    Await.until("they are there", () -> subscriber.positions().size() == 7);
    assertThat(subscriber.positions()).isEqualTo(range(3, 9));
  }

  @Test
  void forgetsSubscribersThatLeave() throws Exception {
    Subscriber subscriber = subscribe(SlowPolicy.BLOCK);
    assertThat(metric("subscribers")).isEqualTo(1);
    subscriber.close();
    Await.until("it is forgotten", () -> metric("subscribers") == 0);
  }

  /** The first ones, without a gap, are those that the transport took and the buffer held. */
  @Test
  void dropsTheNewestOfAStalledReader() throws Exception {
    Subscriber stalled = subscribe(SlowPolicy.DROP_NEWEST);
    publishLarge(60);
    double dropped = metric("events_dropped_total");
    assertThat(dropped).isPositive();
    int kept = 60 - (int) dropped;
    stalled.request(1000);
    Await.until("what was kept is there", () -> stalled.positions().size() >= kept);
    assertThat(stalled.positions()).isEqualTo(range(1, kept));
    publishLarge(1);
    Await.until("it goes on", () -> stalled.positions().contains(61L));
    assertThat(stalled.positions()).hasSize(kept + 1);
  }

  @Test
  void dropsTheOldestOfAStalledReader() throws Exception {
    Subscriber stalled = subscribe(SlowPolicy.DROP_OLDEST);
    publishLarge(60);
    int kept = 60 - (int) metric("events_dropped_total");
    assertThat(kept).isGreaterThan(BUFFER).isLessThan(60);
    stalled.request(1000);
    Await.until("what was kept is there", () -> stalled.positions().size() >= kept);
    List<Long> expected = new ArrayList<>(range(1, kept - BUFFER));
    expected.addAll(range(61 - BUFFER, 60));
    assertThat(stalled.positions()).isEqualTo(expected);
  }

  @Test
  void endsTheStreamOfAStalledReaderIfItSaysSo() throws Exception {
    Subscriber stalled = subscribe(SlowPolicy.DISCONNECT);
    publishLarge(60);
    Await.until("it is disconnected", () -> metric("subscribers_disconnected_total") == 1);
    stalled.request(1000);
    Await.until("it hears of it", () -> stalled.end() != null);
    assertThat(stalled.end().getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(RpcStatus.reasonOf(stalled.end())).hasValue("SLOW_SUBSCRIBER");
    int seen = stalled.positions().size();
    assertThat(stalled.positions()).isEqualTo(range(1, seen));
    assertThat(stalled.end().getStatus().getDescription())
        .endsWith("go on from position " + (seen + 1));
  }

  @Test
  void blocksNobodyForAStalledReader() throws Exception {
    Subscriber stalled = subscribe(SlowPolicy.BLOCK);
    Subscriber reader = subscribe(SlowPolicy.BLOCK);
    reader.request(1000);
    publishLarge(60);
    Await.until("the other has all", () -> reader.positions().size() == 60);
    stalled.request(3);
    Await.until("it has what it asked for", () -> stalled.positions().size() == 3);
    stalled.request(1000);
    Await.until("it has all", () -> stalled.positions().size() == 60);
    assertThat(stalled.positions()).isEqualTo(range(1, 60));
    assertThat(reader.positions()).isEqualTo(range(1, 60));
    assertThat(metric("events_dropped_total")).isZero();
  }

  @Test
  void tellsSubscribersThatItDrains() throws Exception {
    Subscriber subscriber = subscribe(SlowPolicy.BLOCK);
    new EventsOnHost(events.core).draining();
    Await.until("its stream ends", () -> subscriber.end() != null);
    assertThat(subscriber.end().getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(RpcStatus.reasonOf(subscriber.end())).hasValue("DRAINING");
    assertThat(RpcStatus.retryAfterOf(subscriber.end())).isPresent();
    assertThatThrownBy(() -> subscribe(SlowPolicy.BLOCK)).hasMessageContaining("stopping");
  }

  @Test
  void saysWhichFieldsOfAnEventAreWrong() {
    Event wrong =
        Event.newBuilder()
            .setId("a\nb")
            .setType("Blob Stored")
            .setTimestamp(-1)
            .setData(Any.newBuilder().setValue(ByteString.copyFrom(new byte[30_000])))
            .setTraceId("x".repeat(65))
            .setPosition(3)
            .build();
    StatusRuntimeException failure =
        failure(() -> events.publish(wrong), Status.Code.INVALID_ARGUMENT);
    assertThat(fields(failure))
        .containsExactly(
            "source", "id", "type", "timestamp", "data.type_url", "trace_id", "position", "data");
    assertThat(RpcStatus.reasonOf(failure)).hasValue("INVALID_REQUEST");
    assertThat(failure.getStatus().getDescription())
        .contains("timestamp must not be negative", "larger than 30000 bytes");
    assertThat(metric("log_last_position")).isZero();
  }

  @Test
  void saysWhichFieldsOfASubscriptionAreWrong() {
    SubscribeRequest wrong =
        SubscribeRequest.newBuilder()
            .setEventType("did*")
            .setFromPosition(-1)
            .setGroup("a b")
            .setBuffer(10_001)
            .setPolicyValue(17)
            .build();
    StatusRuntimeException failure =
        failure(() -> events.stub().subscribe(wrong).next(), Status.Code.INVALID_ARGUMENT);
    assertThat(fields(failure))
        .containsExactly("event_type", "from_position", "group", "buffer", "policy");
    SubscribeRequest ahead = SubscribeRequest.newBuilder().setFromPosition(2).build();
    StatusRuntimeException outOfRange =
        failure(() -> events.stub().subscribe(ahead).next(), Status.Code.OUT_OF_RANGE);
    assertThat(RpcStatus.reasonOf(outOfRange)).hasValue("POSITION_NOT_GIVEN");
  }

  @Test
  void sendsNoMoreThanAMemberOfAGroupCanLose() throws Exception {
    Subscriber first = member(2);
    assertThat(first.awaitBegin()).isEqualTo(1);
    first.request(100);
    publishLarge(5);
    Await.until("its hands are full", () -> first.positions().size() == 2);
    events.stub().acknowledge(acknowledgement("g", 1, 2));
    Await.until("it has more", () -> first.positions().size() == 4);
    first.close();
    Await.until("it has gone", () -> metric("subscribers") == 0);
    Subscriber second = member(2);
    second.request(100);
    Await.until("another has them", () -> second.positions().size() == 2);
    assertThat(first.positions()).isEqualTo(range(1, 4));
    assertThat(second.positions()).isEqualTo(range(3, 4));
    events.stub().acknowledge(acknowledgement("g", 3));
    Await.until("and the next", () -> second.positions().size() == 3);
    assertThat(metric("events_acknowledged_total")).isEqualTo(3);
  }

  private Subscriber member(int buffer) {
    Subscriber member =
        new Subscriber(
            events.channel,
            SubscribeRequest.newBuilder()
                .setGroup("g")
                .setBuffer(buffer)
                .setAcknowledge(true)
                .build());
    subscribers.add(member);
    return member;
  }

  private static AcknowledgeRequest acknowledgement(String group, long... positions) {
    return AcknowledgeRequest.newBuilder()
        .setGroup(group)
        .addAllPositions(LongStream.of(positions).boxed().toList())
        .build();
  }

  @Test
  void saysWhatIsWrongWithAnAcknowledgement() {
    SubscribeRequest alone = SubscribeRequest.newBuilder().setAcknowledge(true).build();
    assertThat(
            fields(
                failure(() -> events.stub().subscribe(alone).next(), Status.Code.INVALID_ARGUMENT)))
        .containsExactly("acknowledge");
    assertThat(
            fields(
                failure(
                    () -> events.stub().acknowledge(acknowledgement("")),
                    Status.Code.INVALID_ARGUMENT)))
        .containsExactly("group", "positions");
    assertThat(
            fields(
                failure(
                    () -> events.stub().acknowledge(acknowledgement("g", 1, 0)),
                    Status.Code.INVALID_ARGUMENT)))
        .containsExactly("positions");
    StatusRuntimeException unknown =
        failure(() -> events.stub().acknowledge(acknowledgement("g", 1)), Status.Code.NOT_FOUND);
    assertThat(RpcStatus.reasonOf(unknown)).hasValue("GROUP_NOT_FOUND");
  }

  @Test
  void letsAUserSpeakForThatUserOnly() {
    events.caller =
        new Caller(
            Caller.Kind.LOCAL, "", Optional.of(new Caller.User("u1", "did:key:zAda", "user")));
    assertThat(events.publish(event().clearSource().build())).isEqualTo(1);
    assertThat(events.publish(event().setSource("did:key:zAda").build())).isEqualTo(2);
    StatusRuntimeException failure =
        failure(() -> events.publish(event().build()), Status.Code.INVALID_ARGUMENT);
    assertThat(fields(failure)).containsExactly("source");
    Iterator<Event> all =
        events.stub().subscribe(SubscribeRequest.newBuilder().setFromPosition(1).build());
    assertThat(all.next().getSource()).isEqualTo("did:key:zAda");
    // a host that speaks for a user is still a host
    events.caller =
        new Caller(
            Caller.Kind.HOST,
            "storage-1",
            Optional.of(new Caller.User("u1", "did:key:zAda", "user")));
    assertThat(events.publish(event().build())).isEqualTo(3);
  }

  @Test
  void saysWhatMayBeRetriedAndWhoMayCall() {
    EventStreamGrpc.getServiceDescriptor()
        .getMethods()
        .forEach(
            method -> {
              var options =
                  ((ProtoMethodDescriptorSupplier) method.getSchemaDescriptor())
                      .getMethodDescriptor()
                      .getOptions();
              assertThat(options.getIdempotencyLevel()).isEqualTo(IdempotencyLevel.IDEMPOTENT);
              assertThat(options.getExtension(AccessOuterClass.access))
                  .isEqualTo(Access.ACCESS_USER_OR_HOST);
            });
  }

  @Test
  void isHealthyAndCounts() {
    EventsOnHost host = new EventsOnHost(events.core);
    publishLarge(2);
    assertThat(host.check().status()).isEqualTo(HealthStatus.HEALTHY);
    Map<String, Double> metrics = host.metrics();
    assertThat(metrics).containsEntry("events_published_total", 2.0);
    assertThat(metrics).containsEntry("log_last_position", 2.0);
    assertThat(metrics.get("log_bytes")).isGreaterThan(40_000);
  }
}
