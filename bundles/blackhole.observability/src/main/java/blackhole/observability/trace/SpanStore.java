package blackhole.observability.trace;

import blackhole.api.observe.Span;
import blackhole.api.observe.SpanSink;
import blackhole.api.observe.Traces;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The newest traces, as many as there is room for. Thread-safe. */
final class SpanStore implements SpanSink, Traces {
  static final int MOST_SPANS = 16_384;
  static final int MOST_OF_A_TRACE = 2_048;

  /** Longer than a host keeps spans before it sends them. */
  private static final Duration QUIET = Duration.ofMillis(500);

  private static final Comparator<Span> BY_START = Comparator.comparing(Span::start);

  private final LongSupplier nanoTime;

  // guarded by this
  private final Map<String, Trace> traces = new LinkedHashMap<>();
  private int size;

  private static final class Trace {
    final List<Span> spans = new ArrayList<>();
    long lastNanos;
  }

  SpanStore() {
    this(System::nanoTime);
  }

  SpanStore(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized void ended(List<Span> spans) {
    for (Span span : spans) {
      Trace trace = traces.computeIfAbsent(span.traceId(), id -> new Trace());
      trace.lastNanos = nanoTime.getAsLong();
      if (trace.spans.size() < MOST_OF_A_TRACE) {
        trace.spans.add(span);
        size++;
      }
    }
    forgetOldest();
    notifyAll();
  }

  private void forgetOldest() {
    var oldest = traces.values().iterator();
    while (size > MOST_SPANS && oldest.hasNext()) {
      size -= oldest.next().spans.size();
      oldest.remove();
    }
  }

  @Override
  public synchronized List<Span> trace(String traceId) {
    Trace trace = traces.get(traceId);
    return trace == null ? List.of() : trace.spans.stream().sorted(BY_START).toList();
  }

  @Override
  public synchronized List<Span> await(String traceId, String root, Duration atMost)
      throws InterruptedException {
    long deadline = nanoTime.getAsLong() + atMost.toNanos();
    while (true) {
      long now = nanoTime.getAsLong();
      Trace trace = traces.get(traceId);
      long left = deadline - now;
      if (trace != null && lacksNothing(trace.spans, root)) {
        left = Math.min(left, trace.lastNanos + QUIET.toNanos() - now);
      }
      if (left <= 0) {
        return trace(traceId);
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, TimeUnit.MILLISECONDS.toNanos(1)));
    }
  }

  /** Whether all are here that others speak of, and all that answered calls that went well. */
  static boolean lacksNothing(List<Span> spans, String root) {
    Set<String> ids = new HashSet<>();
    Set<String> parents = new HashSet<>();
    for (Span span : spans) {
      ids.add(span.id());
      parents.add(span.parentId());
    }
    for (Span span : spans) {
      boolean orphan =
          !span.parentId().isEmpty()
              && !span.parentId().equals(root)
              && !ids.contains(span.parentId());
      boolean unanswered =
          span.kind() == Span.Kind.CLIENT && span.error().isEmpty() && !parents.contains(span.id());
      if (orphan || unanswered) {
        return false;
      }
    }
    return !spans.isEmpty();
  }

  @Override
  public synchronized List<Span> recent(int most) {
    List<Span> first = new ArrayList<>();
    for (Trace trace : traces.values()) {
      @Nullable Span earliest = trace.spans.stream().min(BY_START).orElse(null);
      if (earliest != null) {
        first.add(earliest);
      }
    }
    first.sort(BY_START.reversed());
    return List.copyOf(first.subList(0, Math.min(most, first.size())));
  }
}
