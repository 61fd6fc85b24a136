package blackhole.api.observe;

import blackhole.api.observe.Span.Kind;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that goes on, in a trace that may or may not be recorded. Thread-safe. */
public final class ActiveSpan {
  /** The attribute that says why it had to wait before it could begin. */
  public static final String HELD = "blackhole.held";

  /** How long that was, in whole milliseconds. */
  public static final String HELD_MILLIS = "blackhole.held_ms";

  private final TraceContext context;
  private final @Nullable Recording recording;

  private ActiveSpan(TraceContext context, @Nullable Recording recording) {
    this.context = context;
    this.recording = recording;
  }

  /** One that only hands the context on. */
  static ActiveSpan unrecorded(TraceContext context) {
    return new ActiveSpan(context, null);
  }

  static ActiveSpan recorded(
      TraceContext context, String parentId, Kind kind, String name, Tracer tracer) {
    return new ActiveSpan(context, new Recording(parentId, kind, name, tracer));
  }

  /** What is done within it goes on here. */
  public TraceContext context() {
    return context;
  }

  /** Whether somebody will see it: else attributes need not be worked out. */
  public boolean isRecorded() {
    return recording != null;
  }

  public void attribute(String name, String value) {
    if (recording != null) {
      recording.attribute(name, value);
    }
  }

  /** It is over; says nothing the second time. */
  public void end(Status status) {
    end(
        status.isOk() ? "" : status.getCode() + describe(status.getDescription()),
        status.getCode().value());
  }

  /**
   * It is over.
   *
   * @param error empty when all went well
   */
  public void end(String error) {
    end(error, -1);
  }

  private void end(String error, int code) {
    if (recording != null) {
      recording.end(context, error, code);
    }
  }

  private static String describe(@Nullable String description) {
    return description == null ? "" : ": " + description;
  }

  /** What it takes to tell of it. */
  private static final class Recording {
    private final String parentId;
    private final Kind kind;
    private final String name;
    private final Tracer tracer;
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.MICROS);
    private final long startNanos = System.nanoTime();

    // guarded by this
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private boolean ended;

    Recording(String parentId, Kind kind, String name, Tracer tracer) {
      this.parentId = parentId;
      this.kind = kind;
      this.name = name;
      this.tracer = tracer;
    }

    synchronized void attribute(String key, String value) {
      attributes.put(key, value);
    }

    void end(TraceContext context, String error, int code) {
      Duration duration = Duration.ofNanos(System.nanoTime() - startNanos);
      Map<String, String> told;
      synchronized (this) {
        if (ended) {
          return;
        }
        ended = true;
        if (code >= 0) {
          attributes.put("rpc.grpc.status_code", Integer.toString(code));
        }
        told = Map.copyOf(attributes);
      }
      tracer.ended(
          new Span(
              context.traceId(),
              context.spanIdText(),
              parentId,
              name,
              kind,
              "",
              start,
              duration,
              error,
              told));
    }
  }
}
