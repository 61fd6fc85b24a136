package blackhole.api.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  /** From W3C's recommendation. */
  private static final String HEADER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final List<Span> ended = new ArrayList<>();
  private final Tracer tracer = new Tracer(ended::addAll);

  private static TraceContext parsed() {
    TraceContext context = TraceContext.parse(HEADER);
    assertThat(context).isNotNull();
    return context;
  }

  @Test
  void aHeaderIsWrittenAsItWasRead() {
    assertThat(parsed().header()).isEqualTo(HEADER);
    assertThat(parsed().traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(parsed().spanIdText()).isEqualTo("b7ad6b7169203331");
    assertThat(parsed().sampled()).isTrue();
    assertThat(TraceContext.root(false).header()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
  }

  @Test
  void aLaterVersionMaySayMore() {
    TraceContext later = TraceContext.parse(HEADER.replaceFirst("00", "cc") + "-what-it-says");
    assertThat(later).isEqualTo(parsed());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
        "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
        "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0é"
      })
  void whatMakesNoSenseIsNothing(String header) {
    assertThat(TraceContext.parse(header)).isNull();
  }

  @Test
  void onlyARecordedTraceHasAnIdForOthers() {
    assertThat(TraceContext.currentTraceId()).isEmpty();
    parsed()
        .in(Context.current())
        .run(() -> assertThat(TraceContext.currentTraceId()).contains(parsed().traceId()));
    TraceContext.root(false)
        .in(Context.current())
        .run(() -> assertThat(TraceContext.currentTraceId()).isEmpty());
    assertThat(TraceContext.ofTrace("id-1")).isNull();
  }

  @Test
  void whatComesInIsRecordedIfItSaysSoAndSomebodyTakesIt() {
    ActiveSpan before = tracer.begin(parsed(), Span.Kind.SERVER, "a.B/C");
    assertThat(before).isNotNull();
    assertThat(before.isRecorded()).isFalse();
    assertThat(before.context()).as("handed on as it is").isEqualTo(parsed());

    tracer.record(0);
    ActiveSpan span = tracer.begin(parsed(), Span.Kind.SERVER, "a.B/C");
    assertThat(span).isNotNull();
    span.attribute("k", "v");
    span.end(Status.NOT_FOUND.withDescription("no such thing"));
    span.end(Status.OK);
    assertThat(ended)
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.traceId()).isEqualTo(parsed().traceId());
              assertThat(one.parentId()).isEqualTo(parsed().spanIdText());
              assertThat(one.id()).isNotEqualTo(one.parentId());
              assertThat(one.error()).isEqualTo("NOT_FOUND: no such thing");
              assertThat(one.attributes())
                  .containsEntry("k", "v")
                  .containsEntry("rpc.grpc.status_code", "5");
            });
  }

  @Test
  void samplingDecidesWhereATraceBeginsAndForAll() {
    assertThat(tracer.begin(null, Span.Kind.SERVER, "a")).isNull();
    tracer.record(0);
    assertThat(tracer.begin(null, Span.Kind.SERVER, "a")).isNull();
    tracer.record(1);
    ActiveSpan root = tracer.begin(null, Span.Kind.SERVER, "a");
    assertThat(root).isNotNull();
    assertThat(root.isRecorded()).isTrue();
    root.end("");
    assertThat(ended).singleElement().extracting(Span::parentId).isEqualTo("");

    ActiveSpan other = tracer.begin(TraceContext.root(false), Span.Kind.SERVER, "a");
    assertThat(other).isNotNull();
    assertThat(other.isRecorded()).as("decided elsewhere").isFalse();
    tracer.stop();
    assertThat(tracer.begin(null, Span.Kind.SERVER, "a")).isNull();
  }

  @Test
  void aPartIsAboutThatPart() {
    tracer.record(0.2);
    long recorded = 0;
    for (int i = 0; i < 10_000; i++) {
      ActiveSpan span = tracer.begin(null, Span.Kind.CLIENT, "a");
      recorded += span != null && span.isRecorded() ? 1 : 0;
    }
    // 25 standard deviations to either side
    assertThat(recorded).isBetween(1_000L, 3_000L);
  }
}
