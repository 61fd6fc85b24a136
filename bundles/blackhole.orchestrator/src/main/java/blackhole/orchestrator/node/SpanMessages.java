package blackhole.orchestrator.node;

import blackhole.api.observe.Span;
import blackhole.control.v1.Spans;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Spans as the control protocol has them. */
final class SpanMessages {
  private SpanMessages() {}

  /**
   * @param origin whose they are
   */
  static List<Span> spans(Spans message, String origin) {
    return message.getSpansList().stream().map(one -> span(one, origin)).toList();
  }

  private static Span span(blackhole.control.v1.Span message, String origin) {
    return new Span(
        message.getTraceId(),
        message.getId(),
        message.getParentId(),
        message.getName(),
        switch (message.getKind()) {
          case CLIENT -> Span.Kind.CLIENT;
          case SERVER -> Span.Kind.SERVER;
          case PRODUCER -> Span.Kind.PRODUCER;
          case CONSUMER -> Span.Kind.CONSUMER;
          case INTERNAL, KIND_UNSPECIFIED, UNRECOGNIZED -> Span.Kind.INTERNAL;
        },
        origin,
        Instant.EPOCH.plus(message.getStartMicros(), ChronoUnit.MICROS),
        Duration.ofNanos(message.getDurationNanos()),
        message.getError(),
        message.getAttributesMap());
  }
}
