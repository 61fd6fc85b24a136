package blackhole.client.events;

import blackhole.api.events.Event;
import blackhole.api.events.Payload;
import com.google.protobuf.Any;
import java.time.Instant;
import java.util.Optional;

/** Authors' events and those on the wire. */
final class EventMessages {
  private EventMessages() {}

  /**
   * @param source of an event that does not say
   */
  static blackhole.events.v1.Event message(Event event, String source) {
    blackhole.events.v1.Event.Builder message =
        blackhole.events.v1.Event.newBuilder()
            .setId(event.id())
            .setType(event.type())
            .setSource(event.source().isEmpty() ? source : event.source())
            .setTimestamp(event.time().toEpochMilli())
            .setTraceId(event.traceId());
    event
        .data()
        .ifPresent(
            data ->
                message.setData(
                    Any.newBuilder().setTypeUrl(data.typeUrl()).setValue(data.bytes())));
    return message.build();
  }

  static Event event(blackhole.events.v1.Event message) {
    return new Event(
        message.getId(),
        message.getType(),
        message.getSource(),
        Instant.ofEpochMilli(message.getTimestamp()),
        message.hasData()
            ? Optional.of(new Payload(message.getData().getTypeUrl(), message.getData().getValue()))
            : Optional.empty(),
        message.getTraceId(),
        message.getPosition());
  }
}
