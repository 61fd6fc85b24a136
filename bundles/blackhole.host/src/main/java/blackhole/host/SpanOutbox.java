package blackhole.host;

import blackhole.api.observe.Span;
import blackhole.api.observe.SpanSink;
import blackhole.control.v1.Spans;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * This host's spans on their way to the orchestrator: kept for a moment, so that many go at once,
 * and bounded, so that tracing never costs more than it is worth. Does nothing, and has nothing
 * scheduled, as long as there are none. Thread-safe.
 */
final class SpanOutbox implements SpanSink {
  static final int MOST = 4096;

  /** Small beside what a control stream takes in one message. */
  static final int MOST_IN_A_MESSAGE = 512;

  private static final long DELAY_MILLIS = 200;

  private final ScheduledExecutorService timer;
  private volatile Consumer<Spans> stream = spans -> {};

  // guarded by this
  private final Deque<Span> waiting = new ArrayDeque<>();
  private long lost;
  private boolean scheduled;

  /**
   * @param timer its thread is not blocked
   */
  SpanOutbox(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /**
   * @param taker sends them if it can, and does not block
   */
  void sendBy(Consumer<Spans> taker) {
    stream = taker;
  }

  @Override
  public synchronized void ended(List<Span> spans) {
    for (Span span : spans) {
      if (waiting.size() < MOST) {
        waiting.add(span);
      } else {
        lost++;
      }
    }
    if (!scheduled && !waiting.isEmpty()) {
      scheduled = true;
      try {
        var unused = timer.schedule(this::flush, DELAY_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        // the host ends; nobody schedules again
      }
    }
  }

  /** Sends what there is. */
  void flush() {
    while (true) {
      Spans message = next();
      if (message.getSpansCount() == 0) {
        return;
      }
      stream.accept(message);
    }
  }

  private synchronized Spans next() {
    scheduled = false;
    Spans.Builder message = Spans.newBuilder();
    while (message.getSpansCount() < MOST_IN_A_MESSAGE && !waiting.isEmpty()) {
      message.addSpans(message(waiting.remove()));
    }
    if (message.getSpansCount() > 0) {
      message.setLost(lost);
      lost = 0;
    }
    return message.build();
  }

  private static blackhole.control.v1.Span message(Span span) {
    return blackhole.control.v1.Span.newBuilder()
        .setTraceId(span.traceId())
        .setId(span.id())
        .setParentId(span.parentId())
        .setName(span.name())
        .setKind(
            switch (span.kind()) {
              case CLIENT -> blackhole.control.v1.Span.Kind.CLIENT;
              case SERVER -> blackhole.control.v1.Span.Kind.SERVER;
              case PRODUCER -> blackhole.control.v1.Span.Kind.PRODUCER;
              case CONSUMER -> blackhole.control.v1.Span.Kind.CONSUMER;
              case INTERNAL -> blackhole.control.v1.Span.Kind.INTERNAL;
            })
        .setStartMicros(ChronoUnit.MICROS.between(Instant.EPOCH, span.start()))
        .setDurationNanos(span.duration().toNanos())
        .setError(span.error())
        .putAllAttributes(span.attributes())
        .build();
  }
}
