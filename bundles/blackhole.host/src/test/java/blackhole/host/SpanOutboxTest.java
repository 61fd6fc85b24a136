package blackhole.host;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.observe.Span;
import blackhole.control.v1.Spans;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpanOutboxTest {
  private static final Span SPAN =
      new Span(
          "0af7651916cd43dd8448eb211c80319c",
          "00000000000000a1",
          "00000000000000a0",
          "a.B/C",
          Span.Kind.SERVER,
          "",
          Instant.EPOCH.plusMillis(5),
          Duration.ofNanos(7),
          "INTERNAL",
          Map.of("k", "v"));

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final BlockingQueue<Spans> sent = new LinkedBlockingQueue<>();
  private final SpanOutbox outbox = new SpanOutbox(timer);

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  @Test
  void whatHasEndedIsSentSoon() throws InterruptedException {
    outbox.sendBy(sent::add);
    outbox.ended(List.of(SPAN));
    Spans message = sent.poll(60, TimeUnit.SECONDS);
    assertThat(message).isNotNull();
    assertThat(message.getSpansList())
        .containsExactly(
            blackhole.control.v1.Span.newBuilder()
                .setTraceId(SPAN.traceId())
                .setId(SPAN.id())
                .setParentId(SPAN.parentId())
                .setName("a.B/C")
                .setKind(blackhole.control.v1.Span.Kind.SERVER)
                .setStartMicros(5_000)
                .setDurationNanos(7)
                .setError("INTERNAL")
                .putAttributes("k", "v")
                .build());
    assertThat(message.getLost()).isZero();
  }

  @Test
  void tooManyAreLeftOutAndCounted() {
    timer.shutdownNow(); // nobody sends meanwhile
    outbox.ended(Collections.nCopies(SpanOutbox.MOST + 10, SPAN));
    outbox.sendBy(sent::add);
    outbox.flush();
    assertThat(sent).hasSize(SpanOutbox.MOST / SpanOutbox.MOST_IN_A_MESSAGE);
    assertThat(sent.stream().mapToInt(Spans::getSpansCount).sum()).isEqualTo(SpanOutbox.MOST);
    assertThat(sent.stream().mapToLong(Spans::getLost).sum()).isEqualTo(10);
  }

  @Test
  void withoutSpansNothingIsScheduled() {
    outbox.ended(List.of());
    assertThat(timer.getQueue()).isEmpty();
  }
}
