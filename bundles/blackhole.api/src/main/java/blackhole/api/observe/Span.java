package blackhole.api.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Something that was done, and is over.
 *
 * @param traceId thirty-two hex digits
 * @param id sixteen hex digits
 * @param parentId as an id, or empty
 * @param name of a call, {@code package.Service/Method}
 * @param origin the process: {@code storage-1}, or {@code orchestrator}
 * @param start by the process's clock, to the microsecond
 * @param error what went wrong, in words; empty when nothing did
 * @param attributes by OpenTelemetry's names, where it has one
 */
public record Span(
    String traceId,
    String id,
    String parentId,
    String name,
    Kind kind,
    String origin,
    Instant start,
    Duration duration,
    String error,
    Map<String, String> attributes) {
  /** As in OpenTelemetry. */
  public enum Kind {
    CLIENT,
    SERVER,
    PRODUCER,
    CONSUMER,
    INTERNAL
  }

  public Span {
    attributes = Map.copyOf(attributes);
  }

  /** The same, of this process. */
  public Span from(String process) {
    return new Span(traceId, id, parentId, name, kind, process, start, duration, error, attributes);
  }
}
