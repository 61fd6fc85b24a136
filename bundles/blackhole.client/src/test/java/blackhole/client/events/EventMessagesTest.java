package blackhole.client.events;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.events.Event;
import blackhole.api.events.Payload;
import com.google.protobuf.Duration;
import com.google.protobuf.StringValue;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventMessagesTest {
  @Test
  void keepsAllThatAnEventHas() throws Exception {
    Event event =
        Event.of("7", "did.created")
            .withTime(Instant.ofEpochMilli(42))
            .withTraceId("t")
            .withData(Payload.of(StringValue.of("hello")));
    Event back = EventMessages.event(EventMessages.message(event, "identity"));
    assertThat(back)
        .isEqualTo(
            new Event(
                "7", "did.created", "identity", Instant.ofEpochMilli(42), event.data(), "t", 0));
    Payload data = back.data().orElseThrow();
    assertThat(data.is(StringValue.class)).isTrue();
    assertThat(data.is(Duration.class)).isFalse();
    assertThat(data.unpack(StringValue.class).getValue()).isEqualTo("hello");
  }

  @Test
  void keepsTheSourceOfAnEventThatHasOne() {
    Event event = new Event("7", "a", "other", Instant.EPOCH, Optional.empty(), "", 0);
    assertThat(EventMessages.message(event, "identity").getSource()).isEqualTo("other");
  }
}
