package blackhole.api.observe;

import blackhole.api.observe.Span.Kind;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Begins the spans of this process. Whether a trace is recorded is decided once, where it begins,
 * and holds for all who take part in it: a fraction of those that begin here, and all that come in
 * with the flag set. Whoever keeps spans registers one as a service. Thread-safe.
 */
public final class Tracer {
  private final SpanSink sink;
  private volatile boolean recording;
  private volatile double sampling;

  /** One that records nothing until it is told to. */
  public Tracer(SpanSink sink) {
    this.sink = sink;
  }

  /** From now on, this part of the traces that begin here is recorded; 0 for none, 1 for all. */
  public void record(double part) {
    sampling = part;
    recording = true;
  }

  /** Nobody wants spans any more; contexts are still handed on. */
  public void stop() {
    recording = false;
    sampling = 0;
  }

  /** Whether traces begin here by themselves. */
  public boolean begins() {
    return sampling > 0;
  }

  /**
   * Something begins.
   *
   * @param parent what it is done for; null when nothing is known to stand behind it
   * @return null when it is in no trace, and begins none
   */
  public @Nullable ActiveSpan begin(@Nullable TraceContext parent, Kind kind, String name) {
    if (parent == null) {
      double part = sampling;
      if (part <= 0) {
        return null;
      }
      TraceContext root = TraceContext.root(ThreadLocalRandom.current().nextDouble() < part);
      return root.sampled() ? recorded(root, "", kind, name) : ActiveSpan.unrecorded(root);
    }
    return recording && parent.sampled()
        ? recorded(parent.child(), parent.spanIdText(), kind, name)
        : ActiveSpan.unrecorded(parent);
  }

  /**
   * A trace begins that is recorded in any case.
   *
   * @return null as long as nobody keeps spans
   */
  public @Nullable ActiveSpan beginRecorded(Kind kind, String name) {
    return recording ? recorded(TraceContext.root(true), "", kind, name) : null;
  }

  private ActiveSpan recorded(TraceContext context, String parentId, Kind kind, String name) {
    return ActiveSpan.recorded(context, parentId, kind, name, this);
  }

  void ended(Span span) {
    sink.ended(List.of(span));
  }
}
