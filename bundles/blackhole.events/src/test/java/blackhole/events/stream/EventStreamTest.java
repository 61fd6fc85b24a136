package blackhole.events.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import blackhole.events.call.EventsException;
import blackhole.events.call.EventsException.Reason;
import blackhole.events.v1.Event;
import blackhole.testkit.Await;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The stream without gRPC, with subscribers whose room is counted. */
@Timeout(120)
class EventStreamTest {
  private static final TypePattern ALL = TypePattern.of("");
  private static final int PLENTY = Integer.MAX_VALUE;

  @TempDir Path data;
  private EventStream stream;

  @BeforeEach
  void open() throws IOException {
    // hardly any cache, so that most is read from files
    stream = open(settings(1 << 20, 1_000));
  }

  @AfterEach
  void close() {
    stream.close();
  }

  private EventStream open(StreamSettings settings) throws IOException {
    return EventStream.open(data, settings, Clock.systemUTC());
  }

  private static StreamSettings settings(long retentionBytes, long cacheBytes) {
    return new StreamSettings(
        4096, retentionBytes, Duration.ofDays(1), false, cacheBytes, 1000, 10, 20, 3);
  }

  private void reopen() throws IOException {
    stream.close();
    open();
  }

  private static Event event(String id, String type) {
    return Event.newBuilder().setSource("test").setId(id).setType(type).setTimestamp(1).build();
  }

  private long publish(String type) {
    return get(stream.publish(event("" + System.nanoTime() + Math.random(), type)));
  }

  private static long get(CompletableFuture<Long> position) {
    return position.orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** One after the other, so that each is a commit of its own. */
  private void publish(int count) {
    for (int i = 0; i < count; i++) {
      long unused = publish("a.b");
    }
  }

  private static Wanted wanted(long from, @Nullable SlowPolicy policy) {
    return new Wanted(ALL, from, "", 10, policy, false);
  }

  private static Wanted group(String name, long from) {
    return new Wanted(ALL, from, name, 10, null, false);
  }

  /** A member that says what it has done with. */
  private static Wanted careful(String name) {
    return new Wanted(ALL, 0, name, 10, null, true);
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  private double metric(String name) {
    return stream.metrics().get(name);
  }

  private static void awaitPositions(TestSink sink, List<Long> positions) throws Exception {
    Await.until(
        "all of " + positions.size() + " are there", () -> sink.count() >= positions.size());
    assertThat(sink.positions()).isEqualTo(positions);
  }

  @Test
  void numbersEventsAndSendsThemInOrder() throws Exception {
    TestSink sink = TestSink.subscribe(stream, wanted(0, null), PLENTY);
    assertThat(sink.subscriber().from()).isEqualTo(1);
    publish(5);
    awaitPositions(sink, range(1, 5));
    assertThat(sink.events().get(0).getType()).isEqualTo("a.b");
    assertThat(metric("events_published_total")).isEqualTo(5);
    assertThat(metric("log_last_position")).isEqualTo(5);
  }

  @Test
  void sendsWhatIsAskedForOnly() throws Exception {
    Wanted wanted = new Wanted(TypePattern.of("did.*"), 0, "", 10, null, false);
    TestSink sink = TestSink.subscribe(stream, wanted, PLENTY);
    publish("did.created");
    publish("blob.stored");
    publish("did.key.added");
    publish("did");
    publish("did.changed");
    awaitPositions(sink, List.of(1L, 3L, 5L));
  }

  @Test
  void beginsWhereItIsAskedTo() throws Exception {
    publish(30);
    TestSink newest = TestSink.subscribe(stream, wanted(0, null), PLENTY);
    TestSink all = TestSink.subscribe(stream, wanted(1, null), PLENTY);
    TestSink some = TestSink.subscribe(stream, wanted(25, null), PLENTY);
    TestSink next = TestSink.subscribe(stream, wanted(31, null), PLENTY);
    publish(2);
    awaitPositions(all, range(1, 32));
    awaitPositions(some, range(25, 32));
    awaitPositions(next, range(31, 32));
    awaitPositions(newest, range(31, 32));
    assertThatThrownBy(() -> stream.subscribe(wanted(34, null), new TestSink()))
        .hasMessage("from_position is 34, but the next position is 33");
  }

  @Test
  void goesOnAfterARestart() throws Exception {
    publish(20);
    reopen();
    publish(3);
    TestSink sink = TestSink.subscribe(stream, wanted(15, null), PLENTY);
    awaitPositions(sink, range(15, 23));
  }

  @Test
  void dropsTheNewestOfASlowSubscriber() throws Exception {
    TestSink sink = TestSink.subscribe(stream, wanted(0, SlowPolicy.DROP_NEWEST), 0);
    TestSink other = TestSink.subscribe(stream, wanted(0, SlowPolicy.DROP_NEWEST), PLENTY);
    for (int i = 1; i <= 25; i++) {
      publish(1);
      // or its buffer could overrun, too, where threads are slow
      awaitPositions(other, range(1, i));
    }
    assertThat(metric("events_dropped_total")).isEqualTo(15);
    assertThat(stream.droppedBySingle()).isEqualTo(15);
    assertThat(stream.subscriberStates())
        .extracting(SubscriberState::group, SubscriberState::lag, SubscriberState::dropped)
        .containsExactly(tuple(false, 10L, 15L), tuple(false, 0L, 0L));
    sink.request(PLENTY);
    awaitPositions(sink, range(1, 10));
    publish(1);
    Await.until("it goes on", () -> sink.positions().contains(26L));
    assertThat(sink.count()).isEqualTo(11);
  }

  @Test
  void dropsTheOldestOfASlowSubscriber() throws Exception {
    TestSink sink = TestSink.subscribe(stream, wanted(0, SlowPolicy.DROP_OLDEST), 0);
    publish(25);
    assertThat(metric("events_dropped_total")).isEqualTo(15);
    sink.request(3);
    awaitPositions(sink, range(16, 18));
    publish(5);
    sink.request(PLENTY);
    // seven were left, and there was room for three more
    List<Long> expected = new ArrayList<>(range(16, 18));
    expected.addAll(range(21, 30));
    awaitPositions(sink, expected);
  }

  @Test
  void disconnectsASlowSubscriberIfItSaysSo() throws Exception {
    TestSink sink = TestSink.subscribe(stream, wanted(0, SlowPolicy.DISCONNECT), 0);
    publish(10);
    assertThat(sink.ended()).isNull();
    publish(1);
    Await.until("it is disconnected", () -> sink.ended() != null);
    assertThat(sink.ended().reason()).isEqualTo(Reason.SLOW_SUBSCRIBER);
    assertThat(sink.ended()).hasMessage("more than 10 events waited; go on from position 1");
    Await.until("it is forgotten", () -> metric("subscribers") == 0);
    assertThat(metric("subscribers_disconnected_total")).isEqualTo(1);
    TestSink again = TestSink.subscribe(stream, wanted(1, SlowPolicy.DISCONNECT), PLENTY);
    awaitPositions(again, range(1, 11));
  }

  @Test
  void waitsInTheLogForASlowSubscriberIfItSaysSo() throws Exception {
    TestSink sink = TestSink.subscribe(stream, wanted(0, SlowPolicy.BLOCK), 0);
    publish(300);
    sink.request(7);
    awaitPositions(sink, range(1, 7));
    assertThat(stream.subscriberStates())
        .singleElement()
        .satisfies(state -> assertThat(state.lag()).isEqualTo(293));
    publish(1);
    sink.request(PLENTY);
    awaitPositions(sink, range(1, 301));
    assertThat(metric("events_dropped_total")).isZero();
  }

  /** Catching up is no slowness, whatever the policy. */
  @Test
  void dropsNothingWhileASubscriberCatchesUp() throws Exception {
    publish(200);
    TestSink sink = TestSink.subscribe(stream, wanted(1, SlowPolicy.DROP_NEWEST), 50);
    awaitPositions(sink, range(1, 50));
    publish(100);
    sink.request(100);
    awaitPositions(sink, range(1, 150));
    sink.request(PLENTY);
    awaitPositions(sink, range(1, 300));
    assertThat(metric("events_dropped_total")).isZero();
  }

  @Test
  void keepsUpWithCommitsOfManyEvents() throws Exception {
    TestSink sink = TestSink.subscribe(stream, wanted(0, SlowPolicy.BLOCK), PLENTY);
    List<CompletableFuture<Long>> positions = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      positions.add(stream.publish(event("id" + i, "a")));
    }
    assertThat(positions.stream().map(EventStreamTest::get))
        .containsExactlyElementsOf(range(1, 3000));
    awaitPositions(sink, range(1, 3000));
  }

  @Test
  void deletesTheOldestAndSendsWhatIsLeft() throws Exception {
    stream.close();
    stream = open(settings(16_384, 1000));
    TestSink slow = TestSink.subscribe(stream, wanted(0, SlowPolicy.BLOCK), 1);
    publish(1);
    awaitPositions(slow, List.of(1L));
    publish(1000);
    // at least whenever a file is full, and else when it is looked at from time to time
    assertThat(metric("log_bytes")).isLessThan(16_384 + 4096 + 200);
    Await.until("it has been looked at", () -> metric("log_bytes") <= 16_384);
    long first = (long) metric("log_first_position");
    assertThat(first).isGreaterThan(2);
    TestSink all = TestSink.subscribe(stream, wanted(1, null), PLENTY);
    awaitPositions(all, range(first, 1001));
    slow.request(PLENTY);
    Await.until("it comes to the end", () -> slow.positions().contains(1001L));
    assertThat(slow.positions().subList(1, slow.count())).isEqualTo(range(first, 1001));
    assertThat(metric("events_lost_total")).isEqualTo(first - 2);
  }

  @Test
  void takesAnEventThatComesAgainForTheFirst() throws Exception {
    TestSink sink = TestSink.subscribe(stream, wanted(0, null), PLENTY);
    Event event = event("7", "a.b");
    assertThat(get(stream.publish(event))).isEqualTo(1);
    assertThat(get(stream.publish(event.toBuilder().setType("other").build()))).isEqualTo(1);
    assertThat(get(stream.publish(event.toBuilder().setSource("another").build()))).isEqualTo(2);
    CompletableFuture<Long> once = stream.publish(event("8", "a.b"));
    CompletableFuture<Long> twice = stream.publish(event("8", "a.b"));
    assertThat(get(once)).isEqualTo(3);
    assertThat(get(twice)).isEqualTo(3);
    assertThat(metric("events_repeated_total")).isEqualTo(2);
    // before the end, which does not wait for those who are slow
    awaitPositions(sink, range(1, 3));
    reopen();
    assertThat(get(stream.publish(event))).isEqualTo(1);
    assertThat(publish("a.b")).isEqualTo(4);
  }

  @Test
  void sharesEventsAmongTheMembersOfAGroup() throws Exception {
    TestSink first = TestSink.subscribe(stream, group("g", 0), PLENTY);
    TestSink second = TestSink.subscribe(stream, group("g", 0), PLENTY);
    TestSink alone = TestSink.subscribe(stream, group("h", 0), PLENTY);
    publish(40);
    Await.until("all were sent", () -> first.count() + second.count() == 40);
    assertThat(first.count()).isPositive();
    assertThat(second.count()).isPositive();
    assertThat(Stream.of(first, second).flatMap(sink -> sink.positions().stream()))
        .containsExactlyInAnyOrderElementsOf(range(1, 40));
    awaitPositions(alone, range(1, 40));
    assertThat(metric("groups")).isEqualTo(2);
    assertThat(metric("subscribers")).isEqualTo(3);
  }

  @Test
  void membersOfAGroupTakeTurnsHoweverSlowlyEventsCome() throws Exception {
    TestSink first = TestSink.subscribe(stream, group("g", 0), PLENTY);
    TestSink second = TestSink.subscribe(stream, group("g", 0), PLENTY);
    for (int sent = 1; sent <= 10; sent++) {
      publish(1);
      int expected = sent;
      Await.until("it was sent", () -> first.count() + second.count() == expected);
    }
    assertThat(first.count()).isEqualTo(5);
    assertThat(second.count()).isEqualTo(5);
  }

  /** What a member took last it may not have done with. */
  @Test
  void sendsAgainWhatAMemberHadInHandWhenItWent() throws Exception {
    TestSink first = TestSink.subscribe(stream, group("g", 0), 4);
    publish(6);
    awaitPositions(first, range(1, 4));
    TestSink second = TestSink.subscribe(stream, group("g", 0), PLENTY);
    awaitPositions(second, range(5, 6));
    first.subscriber().leave();
    Await.until("another has them", () -> second.count() == 6);
    assertThat(second.positions()).containsExactly(5L, 6L, 1L, 2L, 3L, 4L);
  }

  /** However much room it has, it is sent no more than it can lose. */
  @Test
  void losesNothingWithAMemberThatDiesInTheMiddle() throws Exception {
    TestSink first = TestSink.subscribe(stream, careful("g"), PLENTY);
    publish(40);
    awaitPositions(first, range(1, 10));
    stream.acknowledge("g", List.of(3L, 1L, 2L));
    awaitPositions(first, range(1, 13));
    stream.acknowledge("g", List.of(2L, 5L));
    awaitPositions(first, range(1, 14));
    first.subscriber().leave();
    TestSink second = TestSink.subscribe(stream, careful("g"), PLENTY);
    // all but what was acknowledged, in its order
    awaitPositions(second, List.of(4L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L, 14L));
    stream.acknowledge("g", second.positions());
    Await.until("the rest comes", () -> second.count() == 20);
    assertThat(second.positions().subList(10, 20)).isEqualTo(range(15, 24));
    assertThat(metric("events_acknowledged_total")).isEqualTo(14);
    assertThat(first.count()).isEqualTo(14);
  }

  /** Who says so may have lost its stream, and even the service that sent it the event. */
  @Test
  void takesAnAcknowledgementThatComesLate() throws Exception {
    TestSink first = TestSink.subscribe(stream, careful("g"), PLENTY);
    publish(8);
    awaitPositions(first, range(1, 8));
    stream.acknowledge("g", List.of(1L, 2L));
    first.subscriber().leave();
    stream.acknowledge("g", List.of(4L));
    TestSink second = TestSink.subscribe(stream, careful("g"), 1);
    awaitPositions(second, List.of(3L));
    reopen();
    // nobody was sent any of these by this process; the last two are nobody's
    stream.acknowledge("g", List.of(3L, 6L, 9L, 1_000L));
    TestSink third = TestSink.subscribe(stream, careful("g"), PLENTY);
    publish(1);
    // that 4 was done with is known to no process any more
    awaitPositions(third, List.of(4L, 5L, 7L, 8L, 9L));
    assertThatThrownBy(() -> stream.acknowledge("nobody", List.of(1L)))
        .isInstanceOfSatisfying(
            EventsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.GROUP_NOT_FOUND));
  }

  @Test
  void repeatsNothingThatWasAcknowledgedAfterARestart() throws Exception {
    TestSink sink = TestSink.subscribe(stream, careful("g"), PLENTY);
    publish(10);
    awaitPositions(sink, range(1, 10));
    stream.acknowledge("g", range(1, 7));
    reopen();
    TestSink next = TestSink.subscribe(stream, careful("g"), PLENTY);
    publish(1);
    awaitPositions(next, range(8, 11));
  }

  @Test
  void keepsAGroupsPlaceWhileNobodyIsThere() throws Exception {
    TestSink sink = TestSink.subscribe(stream, group("g", 0), 30);
    publish(30);
    awaitPositions(sink, range(1, 30));
    sink.subscriber().leave();
    publish(20);
    reopen();
    publish(10);
    TestSink next = TestSink.subscribe(stream, group("g", 0), PLENTY);
    // the last ten that had been sent are sent again
    awaitPositions(next, range(21, 60));
  }

  @Test
  void knowsAGroupByItsTypeAndPolicy() {
    TestSink.subscribe(stream, group("g", 0), PLENTY);
    assertThatThrownBy(
            () ->
                stream.subscribe(
                    new Wanted(TypePattern.of("a"), 0, "g", 0, null, false), new TestSink()))
        .isInstanceOfSatisfying(
            EventsException.class, e -> assertThat(e.reason()).isEqualTo(Reason.GROUP_MISMATCH))
        .hasMessage("group g has the type *, not a");
    assertThatThrownBy(
            () ->
                stream.subscribe(
                    new Wanted(ALL, 0, "g", 0, SlowPolicy.DROP_OLDEST, false), new TestSink()))
        .hasMessage("group g has the policy BLOCK, not DROP_OLDEST");
    TestSink.subscribe(stream, group("h", 0), PLENTY);
    TestSink.subscribe(stream, group("i", 0), PLENTY);
    assertThatThrownBy(() -> stream.subscribe(group("j", 0), new TestSink()))
        .hasMessage("there are 3 groups already (custom.max_groups)");
  }

  @Test
  void saysThatAGroupsPlaceIsLost() throws IOException {
    TestSink.subscribe(stream, group("g", 0), PLENTY);
    TestSink.subscribe(stream, group("h", 0), PLENTY);
    stream.close();
    Path file = data.resolve("groups");
    Files.writeString(file, Files.readString(file).replace("g * BLOCK 10 1", "g * BLOCK 10 9"));
    open();
    assertThat(stream.damage()).containsExactly("positions of 1 groups");
    assertThat(metric("groups")).isEqualTo(1);
  }

  @Test
  void endsItsSubscriptionsWhenItDrains() throws Exception {
    List<TestSink> sinks = new ArrayList<>();
    for (SlowPolicy policy : SlowPolicy.values()) {
      sinks.add(TestSink.subscribe(stream, wanted(0, policy), 0));
    }
    sinks.add(TestSink.subscribe(stream, group("g", 0), 0));
    stream.drain();
    for (TestSink sink : sinks) {
      Await.until("it has ended", () -> sink.ended() != null);
      assertThat(sink.ended().reason()).isEqualTo(Reason.DRAINING);
    }
    assertThatThrownBy(() -> stream.subscribe(wanted(0, null), new TestSink()))
        .hasMessage("the event stream is stopping");
    // publishers go on to the end
    publish(1);
  }

  @Test
  void takesSoManySubscribersOnly() {
    for (int i = 0; i < 20; i++) {
      TestSink.subscribe(stream, wanted(0, null), 0);
    }
    assertThatThrownBy(() -> stream.subscribe(wanted(0, null), new TestSink()))
        .hasMessage("there are 20 subscribers (custom.max_subscribers)");
  }

  @Test
  void refusesWhatTheDiskCannotTakeFastEnough() {
    byte[] large = new byte[1 << 20];
    List<CompletableFuture<Long>> positions = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Event event =
          event("" + i, "large").toBuilder()
              .setData(Any.newBuilder().setTypeUrl("t/x").setValue(ByteString.copyFrom(large)))
              .build();
      positions.add(stream.publish(event));
    }
    // how many are taken depends on the disk; each is answered, and those that were taken are there
    long last = 0;
    for (CompletableFuture<Long> position : positions) {
      try {
        assertThat(get(position)).isEqualTo(++last);
      } catch (java.util.concurrent.CompletionException e) {
        assertThat(((EventsException) e.getCause()).reason()).isEqualTo(Reason.OVERLOADED);
      }
    }
  }

  @Test
  void refusesEventsWhenItIsClosed() {
    stream.close();
    assertThatThrownBy(() -> get(stream.publish(event("1", "a"))))
        .hasRootCauseMessage("the event stream is stopping");
  }
}
