package blackhole.shell.command;

import blackhole.api.observe.Span;
import blackhole.api.observe.Traces;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Has one span of each trace that it is asked for. */
public final class TestTraces implements Traces {
  public final List<Span> recent = new ArrayList<>();

  @Override
  public List<Span> trace(String traceId) {
    return List.of(span(traceId, ""));
  }

  @Override
  public List<Span> await(String traceId, String root, Duration atMost) {
    return List.of(span(traceId, root));
  }

  @Override
  public List<Span> recent(int most) {
    return recent;
  }

  static Span span(String traceId, String parent) {
    return new Span(
        traceId,
        "00000000000000a1",
        parent,
        "blackhole.identity.v1.Identity/Authenticate",
        Span.Kind.CLIENT,
        "orchestrator",
        Instant.parse("2026-03-04T05:06:07Z"),
        Duration.ofMillis(12),
        "",
        Map.of("server.address", "identity"));
  }
}
