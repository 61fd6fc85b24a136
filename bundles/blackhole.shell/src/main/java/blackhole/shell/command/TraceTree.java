package blackhole.shell.command;

import blackhole.api.observe.ActiveSpan;
import blackhole.api.observe.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A trace as a tree, a line for each span, with when it began and how long it took. */
final class TraceTree {
  private final Map<String, List<Span>> children = new LinkedHashMap<>();
  private final List<Span> roots = new ArrayList<>();
  private final Instant begin;
  private final StringBuilder text = new StringBuilder();
  private final Set<String> drawn = new HashSet<>();

  private TraceTree(List<Span> spans) {
    List<Span> ordered = spans.stream().sorted(Comparator.comparing(Span::start)).toList();
    Set<String> ids = new HashSet<>();
    ordered.forEach(span -> ids.add(span.id()));
    for (Span span : ordered) {
      if (ids.contains(span.parentId()) && !span.parentId().equals(span.id())) {
        children.computeIfAbsent(span.parentId(), id -> new ArrayList<>()).add(span);
      } else {
        roots.add(span);
      }
    }
    begin = ordered.get(0).start();
  }

  /**
   * Lines, each ended.
   *
   * @param spans of one trace, and at least one
   */
  static String draw(List<Span> spans) {
    TraceTree tree = new TraceTree(spans);
    tree.text.append(String.format("%10s  %10s\n", "START", "TIME"));
    tree.roots.forEach(root -> tree.draw(root, "", ""));
    return tree.text.toString();
  }

  private void draw(Span span, String before, String below) {
    if (!drawn.add(span.id())) {
      return;
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%10s  %10s  %s%s\n",
            time(Duration.between(begin, span.start())),
            time(span.duration()),
            before,
            printable(label(span))));
    List<Span> within = children.getOrDefault(span.id(), List.of());
    for (int i = 0; i < within.size(); i++) {
      boolean last = i == within.size() - 1;
      draw(within.get(i), below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "));
    }
  }

  /** Three digits or so: {@code 85 µs}, {@code 1.25 ms}, {@code 3.10 s}. */
  static String time(Duration duration) {
    double micros = duration.toNanos() / 1e3;
    if (micros < 999.5) {
      return String.format(Locale.ROOT, "%.0f µs", micros);
    }
    return micros < 999_995
        ? String.format(Locale.ROOT, "%.2f ms", micros / 1e3)
        : String.format(Locale.ROOT, "%.2f s", micros / 1e6);
  }

  private static String label(Span span) {
    String name = span.name().substring(span.name().lastIndexOf('.') + 1);
    StringBuilder label = new StringBuilder(span.origin()).append(' ');
    switch (span.kind()) {
      case CLIENT -> {
        label.append("calls ");
        @Nullable String callee = span.attributes().get("server.address");
        if (callee != null) {
          label.append(callee).append(' ');
        }
        label.append(name);
      }
      case SERVER -> label.append("serves ").append(name);
      // its name ends with a type, which has dots of its own
      case CONSUMER, PRODUCER, INTERNAL -> label.append(span.name());
    }
    note(label, span, "blackhole.retry", "retry ");
    note(label, span, "blackhole.retries", "retries: ");
    note(label, span, "blackhole.first_attempt", "first attempt: ");
    note(label, span, "blackhole.refused", "refused: ");
    held(label, span);
    return span.error().isEmpty()
        ? label.toString()
        : label.append("  FAILED ").append(span.error()).toString();
  }

  private static void held(StringBuilder label, Span span) {
    @Nullable String millis = span.attributes().get(ActiveSpan.HELD_MILLIS);
    if (millis != null) {
      @Nullable String reason = span.attributes().get(ActiveSpan.HELD);
      label.append(" (held ").append(millis).append(" ms");
      label.append(reason == null ? ")" : ": " + reason + ")");
    }
  }

  private static void note(StringBuilder label, Span span, String attribute, String words) {
    @Nullable String value = span.attributes().get(attribute);
    if (value != null) {
      label.append(" (").append(words).append(value).append(')');
    }
  }

  /** What a service says must not move the cursor. */
  private static String printable(String label) {
    StringBuilder clean = new StringBuilder(label.length());
    label.codePoints().forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return clean.toString();
  }
}
