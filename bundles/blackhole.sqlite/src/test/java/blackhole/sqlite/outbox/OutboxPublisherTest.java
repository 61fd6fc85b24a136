package blackhole.sqlite.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.events.Event;
import blackhole.api.observe.TraceContext;
import blackhole.api.rpc.Reasons;
import blackhole.api.rpc.RpcStatus;
import io.grpc.Context;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class OutboxPublisherTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestStream stream = new TestStream();
  private final List<AutoCloseable> open = new ArrayList<>();

  @TempDir Path directory;

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private TestData data() throws IOException {
    TestData data = new TestData(directory, 1000);
    open.add(data);
    return data;
  }

  private OutboxPublisher publish(TestData data) throws IOException {
    OutboxPublisher publisher = OutboxPublisher.start(data.outbox, stream, directory);
    open.add(publisher);
    return publisher;
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("not in time: " + what).isNegative();
      boolean unused = never.await(5, TimeUnit.MILLISECONDS);
    }
  }

  private static void awaitEmpty(TestData data) throws InterruptedException {
    await("nothing waits", () -> data.waiting().isEmpty());
  }

  private static List<String> facts(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "fact.n" + i).toList();
  }

  @Test
  void publishesInOrderWhatWaitsAndWhatIsAdded() throws Exception {
    TestData data = data();
    facts(0, 100).forEach(data::add); // more than one batch
    OutboxPublisher publisher = publish(data);
    awaitEmpty(data);
    facts(100, 120).forEach(data::add);
    awaitEmpty(data);
    assertThat(stream.types()).isEqualTo(facts(0, 120));
    assertThat(publisher.metrics())
        .containsEntry("outbox_events", 0.0)
        .containsEntry("outbox_published_total", 120.0)
        .containsEntry("outbox_dropped_total", 0.0);
  }

  /** However much later, and by whatever process. */
  @Test
  void publishesInTheTraceOfWhatMadeTheFact() throws Exception {
    TraceContext recorded = TraceContext.root(true);
    try (TestData before = new TestData(directory, 1000)) {
      recorded.in(Context.ROOT).run(() -> before.add("fact.recorded"));
      TraceContext.root(false).in(Context.ROOT).run(() -> before.add("fact.unrecorded"));
      before.add("fact.alone");
    }
    TestData after = data();
    publish(after);
    awaitEmpty(after);
    assertThat(stream.types()).containsExactly("fact.recorded", "fact.unrecorded", "fact.alone");
    assertThat(stream.traces())
        .containsExactly(Optional.of(recorded.traceId()), Optional.empty(), Optional.empty());
  }

  /** What a process leaves that ends between the event and its acknowledgement. */
  @Test
  void publishesAgainWhatWasNotAcknowledged() throws Exception {
    TestData before = data();
    facts(0, 10).forEach(before::add);
    stream.fallSilent();
    OutboxPublisher dying = publish(before);
    await("the first was taken", () -> stream.calls() == 1);
    dying.close();
    before.close();

    TestStream reborn = new TestStream();
    stream.log().forEach(reborn::publish);
    TestData after = data();
    open.add(OutboxPublisher.start(after.outbox, reborn, directory));
    awaitEmpty(after);
    assertThat(reborn.types()).isEqualTo(facts(0, 10));
    assertThat(reborn.calls()).isEqualTo(11); // one came again
  }

  /** What a process leaves that ends between the acknowledgement and the clearing. */
  @Test
  void publishesAgainWhatWasNotCleared() throws Exception {
    TestData before = data();
    facts(0, 10).forEach(before::add);
    for (Outbox.Entry entry : before.outbox.oldest(4, TestData.patience())) {
      stream.publish(entry.event()).join();
    }
    before.close();
    TestData after = data();
    publish(after);
    awaitEmpty(after);
    assertThat(stream.types()).isEqualTo(facts(0, 10));
    assertThat(stream.calls()).isEqualTo(14);
  }

  @Test
  void triesAgainUntilTheStreamIsThere() throws Exception {
    TestData data = data();
    stream.refuse(
        RpcStatus.of(
                Status.Code.UNAVAILABLE, Reasons.DOMAIN, Reasons.SERVICE_NOT_FOUND, "no events")
            .asException());
    publish(data);
    facts(0, 3).forEach(data::add);
    await("it was tried", () -> stream.calls() > 0);
    assertThat(data.waiting()).isEqualTo(facts(0, 3));
    stream.refuse(null);
    awaitEmpty(data);
    assertThat(stream.types()).isEqualTo(facts(0, 3));
  }

  @Test
  void isNotHeldUpByWhatIsRefusedForEver() throws Exception {
    TestData data = data();
    stream.refuse(Status.INVALID_ARGUMENT.asRuntimeException());
    publish(data);
    data.add("fact.bad");
    awaitEmpty(data);
    stream.refuse(null);
    data.add("fact.good");
    awaitEmpty(data);
    assertThat(stream.types()).containsExactly("fact.good");
  }

  /** As two instances, or two versions while one is updated. */
  @Test
  void publishesEachOnceAndInOrderWhereTwoShareTheData() throws Exception {
    TestData one = data();
    TestData two = data();
    publish(one);
    publish(two);
    List<Thread> threads = new ArrayList<>();
    for (TestData data : List.of(one, two)) {
      Thread thread = new Thread(() -> facts(0, 50).forEach(data::add));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join(PATIENCE.toMillis());
    }
    awaitEmpty(one);
    assertThat(stream.log())
        .extracting(OutboxPublisherTest::sequence)
        .isEqualTo(IntStream.rangeClosed(1, 100).boxed().toList());
  }

  private static int sequence(Event event) {
    return Integer.parseInt(event.id().replaceAll("-.*", ""));
  }
}
