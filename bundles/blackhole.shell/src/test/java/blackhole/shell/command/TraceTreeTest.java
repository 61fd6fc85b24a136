package blackhole.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.observe.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TraceTreeTest {
  private static Span span(
      String id, String parent, Span.Kind kind, String origin, long startMicros, long micros) {
    return span(id, parent, kind, origin, startMicros, micros, "", Map.of());
  }

  private static Span span(
      String id,
      String parent,
      Span.Kind kind,
      String origin,
      long startMicros,
      long micros,
      String error,
      Map<String, String> attributes) {
    return new Span(
        "t",
        id,
        parent,
        kind == Span.Kind.CONSUMER ? "event a.said" : "test.v1.Echo/Say",
        kind,
        origin,
        Instant.EPOCH.plusNanos(startMicros * 1000),
        Duration.ofNanos(micros * 1000),
        error,
        attributes);
  }

  @Test
  void drawsWhatIsWithinWhat() {
    List<Span> spans =
        List.of(
            span("e", "", Span.Kind.CONSUMER, "ear-1", 9_000, 85),
            span("b", "a", Span.Kind.SERVER, "front-1", 1_250, 3_000_000),
            span(
                "a",
                "operator",
                Span.Kind.CLIENT,
                "orchestrator",
                0,
                3_100_000,
                "",
                Map.of("server.address", "front")),
            span(
                "d",
                "b",
                Span.Kind.CLIENT,
                "front-1",
                4_000,
                20,
                "UNAVAILABLE: too many\n failed",
                Map.of("server.address", "echo", "blackhole.refused", "CIRCUIT_OPEN")),
            span("f", "c", Span.Kind.SERVER, "echo-1", 3_100, 500),
            span(
                "c",
                "b",
                Span.Kind.CLIENT,
                "front-1",
                3_000,
                700,
                "",
                Map.of(
                    "blackhole.retry",
                    "1",
                    "blackhole.held",
                    "it starts",
                    "blackhole.held_ms",
                    "2")));
    assertThat(TraceTree.draw(spans))
        .isEqualTo(
            """
                 START        TIME
                  0 µs      3.10 s  orchestrator calls front Echo/Say
               1.25 ms      3.00 s  └─ front-1 serves Echo/Say
               3.00 ms      700 µs     ├─ front-1 calls Echo/Say (retry 1) (held 2 ms: it starts)
               3.10 ms      500 µs     │  └─ echo-1 serves Echo/Say
               4.00 ms       20 µs     └─ front-1 calls echo Echo/Say (refused: CIRCUIT_OPEN)  FAILED UNAVAILABLE: too many  failed
               9.00 ms       85 µs  ear-1 event a.said
            """);
  }

  /** As only a broken process could say it. */
  @Test
  void spansThatAreTheirOwnAncestorsEndNothing() {
    assertThat(
            TraceTree.draw(
                    List.of(
                        span("r", "", Span.Kind.SERVER, "x-1", 0, 1),
                        span("a", "b", Span.Kind.SERVER, "x-1", 1, 1),
                        span("b", "a", Span.Kind.SERVER, "x-1", 2, 1),
                        span("c", "c", Span.Kind.SERVER, "x-1", 3, 1)))
                .lines())
        .hasSize(3);
  }
}
