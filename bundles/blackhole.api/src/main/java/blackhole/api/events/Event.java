package blackhole.api.events;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened.
 *
 * @param id by which its source tells it from its others; the same when it is published again
 * @param type words of a-z, 0-9, _ and - with dots between them: {@code did.created}
 * @param source whose event it is; empty for the service that publishes it
 * @param time to the millisecond
 * @param traceId of the trace that it belongs to; empty for none
 * @param position its place in the stream; 0 before it is published
 */
public record Event(
    String id,
    String type,
    String source,
    Instant time,
    Optional<Payload> data,
    String traceId,
    long position) {

  /** An event of this service, of now, that carries nothing. */
  public static Event of(String id, String type) {
    return new Event(id, type, "", Instant.now(), Optional.empty(), "", 0);
  }

  public Event withData(Payload payload) {
    return new Event(id, type, source, time, Optional.of(payload), traceId, position);
  }

  /** When it happened, if that is not now. */
  public Event withTime(Instant when) {
    return new Event(id, type, source, when, data, traceId, position);
  }

  public Event withTraceId(String trace) {
    return new Event(id, type, source, time, data, trace, position);
  }
}
