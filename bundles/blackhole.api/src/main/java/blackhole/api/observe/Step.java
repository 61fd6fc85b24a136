package blackhole.api.observe;

import blackhole.api.observe.Span.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Something that a process does by itself, in steps, as a span with others below it: an update and
 * its phases. Says nothing where nobody keeps spans. Thread-safe.
 */
public final class Step implements AutoCloseable {
  /** One that nobody hears of, and neither of those within it. */
  public static final Step NONE = new Step(null, null);

  private final @Nullable Tracer tracer;
  private final @Nullable ActiveSpan span;
  private volatile String error = "";

  private Step(@Nullable Tracer tracer, @Nullable ActiveSpan span) {
    this.tracer = tracer;
    this.span = span;
  }

  /** A trace begins, whatever part of them is recorded: what is rare is worth it. */
  public static Step begin(Tracer tracer, String name) {
    return new Step(tracer, tracer.beginRecorded(Kind.INTERNAL, name));
  }

  /**
   * One that somebody else asked for.
   *
   * @param header what came from there; empty where nothing did
   */
  public static Step begin(Tracer tracer, String header, String name) {
    TraceContext parent = TraceContext.parse(header);
    return parent == null ? NONE : new Step(tracer, tracer.begin(parent, Kind.INTERNAL, name));
  }

  /** One within this, which begins now. */
  public Step step(String name) {
    return tracer == null || span == null
        ? NONE
        : new Step(tracer, tracer.begin(span.context(), Kind.INTERNAL, name));
  }

  /** What to send to somebody who does a part of it; empty where nobody would hear of that. */
  public String header() {
    return span == null ? "" : span.context().header();
  }

  public void attribute(String name, String value) {
    if (span != null) {
      span.attribute(name, value);
    }
  }

  /** It goes wrong; still to be closed. */
  public void fail(String why) {
    error = why;
  }

  /** It is over; says nothing the second time. */
  @Override
  public void close() {
    if (span != null) {
      span.end(error);
    }
  }
}
