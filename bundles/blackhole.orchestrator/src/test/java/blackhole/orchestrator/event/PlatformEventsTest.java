package blackhole.orchestrator.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.supervision.Alerts;
import blackhole.api.supervision.Alerts.Alert;
import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.InstanceState;
import blackhole.api.supervision.SupervisionException;
import blackhole.events.v1.Event;
import blackhole.orchestrator.supervision.Journal;
import com.google.protobuf.Any;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlatformEventsTest {
  private static final Instant TIME = Instant.parse("2026-03-04T05:06:07.008Z");

  private static Event entry(InstanceState from, InstanceState to) {
    return PlatformEvents.of(
        new Journal.Entry(
            TIME, new InstanceId("identity", 2), from, to, "as it is", "supervisor", true));
  }

  @Test
  void aChangeOfStateIsNamedByTheNewOne() {
    Event event = entry(InstanceState.STARTING, InstanceState.READY);
    assertThat(event.getType()).isEqualTo("instance.ready");
    assertThat(event.getSource()).isEqualTo("node");
    assertThat(event.getTimestamp()).isEqualTo(TIME.toEpochMilli());
    assertThat(DataJson.of(event.getData()))
        .isEqualTo(
            "{\"service\":\"identity\",\"instance\":2,\"from\":\"STARTING\",\"to\":\"READY\","
                + "\"cause\":\"as it is\",\"who\":\"supervisor\",\"warning\":true}");
    assertThat(entry(InstanceState.READY, InstanceState.READY).getType())
        .isEqualTo("instance.noted");
  }

  @Test
  void whatIsNoStructIsNamed() {
    Any other = Any.newBuilder().setTypeUrl("types/itest.Other").build();
    assertThat(DataJson.of(other)).isEqualTo("{\"@type\":\"types/itest.Other\",\"bytes\":0}");
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("nothing", null);
    data.put("half", 0.5);
    Any struct = PlatformEvents.of("a.b", TIME, data).getData();
    assertThat(DataJson.of(struct)).isEqualTo("{\"nothing\":null,\"half\":0.5}");
  }

  @Test
  void decisionsAreNamedByWhatTheyAreAbout() {
    for (Journal.Topic topic : Journal.Topic.values()) {
      Event event =
          PlatformEvents.of(
              new Journal.Decision(TIME, "identity", topic, "words", "scaler", false));
      assertThat(event.getType()).isEqualTo("service." + topic.word());
    }
    assertThat(PlatformEvents.noted(TIME, "words", "shell").getType()).isEqualTo("node.noted");
  }

  @Test
  void typesAreLookedForAsTheStreamDoes() {
    assertThat(StreamReader.pattern(Optional.empty())).accepts("a", "a.b");
    assertThat(StreamReader.pattern(Optional.of("a.*"))).accepts("a.b", "a.b.c").rejects("a", "b");
    assertThat(StreamReader.pattern(Optional.of("*.b"))).accepts("a.b").rejects("a.b.c", "a.c");
    assertThatThrownBy(() -> StreamReader.pattern(Optional.of("A.")))
        .isInstanceOf(SupervisionException.class)
        .hasMessageContaining("'A.' is no type");
  }

  @Test
  void anAlertIsToldByWhatTheShellSaysOfIt() {
    Alert alert =
        new Alert(
            "failed",
            Optional.of("storage"),
            "storage-1",
            Alerts.Severity.CRITICAL,
            "storage-1 was given up",
            "it ended",
            TIME,
            Optional.empty(),
            Optional.empty());
    Event raised = PlatformEvents.of(alert, TIME);
    assertThat(raised.getType()).isEqualTo("alert.raised");
    assertThat(DataJson.of(raised.getData()))
        .isEqualTo(
            "{\"service\":\"storage\",\"severity\":\"critical\",\"name\":\"failed\","
                + "\"message\":\"storage-1 was given up\",\"reason\":\"it ended\","
                + "\"since\":\"2026-03-04T05:06:07.008Z\",\"resolved\":null}");
    Alert over =
        new Alert(
            "disk_full",
            Optional.empty(),
            "/h",
            Alerts.Severity.CRITICAL,
            "full",
            "",
            TIME,
            Optional.of(TIME),
            Optional.empty());
    Event resolved = PlatformEvents.of(over, TIME);
    assertThat(resolved.getType()).isEqualTo("alert.resolved");
    assertThat(DataJson.of(resolved.getData()))
        .contains("\"service\":null", "\"resolved\":\"2026-03-04T05:06:07.008Z\"");
  }
}
