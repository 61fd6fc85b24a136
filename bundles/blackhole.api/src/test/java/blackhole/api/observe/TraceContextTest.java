package blackhole.api.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
  void whatOthersSendAlongGoesOnUnchanged() {
    Metadata.Key<String> state = Metadata.Key.of("tracestate", Metadata.ASCII_STRING_MARSHALLER);
    Metadata headers = new Metadata();
    headers.put(state, "rojo=00f067aa0ba902b7");
    assertThat(TraceContext.of(headers)).as("of no trace").isNull();
    headers.put(TraceContext.HEADER, HEADER);
    headers.put(state, "congo=t61rcWkgMzE, blue=1");
    TraceContext context = Objects.requireNonNull(TraceContext.of(headers));

    Metadata sent = new Metadata();
    sent.put(TraceContext.HEADER, "what a handler had");
    sent.put(state, "of somebody else");
    context.child().put(sent);

    assertThat(sent.getAll(state))
        .containsExactly("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE, blue=1");
    assertThat(sent.getAll(TraceContext.HEADER))
        .singleElement()
        .asString()
        .startsWith("00-" + context.traceId());
    parsed().put(sent);
    assertThat(sent.containsKey(state)).isFalse();
  }

  @Test
  void stepsAreATreeThatIsRecordedWhateverTheSampling() {
    assertThat(Step.begin(tracer, "before").header()).as("nobody keeps it").isEmpty();
    tracer.record(0);
    try (Step update = Step.begin(tracer, "update")) {
      try (Step check = update.step("check")) {
        check.attribute("k", "v");
        check.fail("odd");
      }
      try (Step there = Step.begin(tracer, update.header(), "there")) {
        there.close();
      }
    }
    Step.NONE.step("nothing").close();
    assertThat(Step.begin(tracer, "", "nothing")).isSameAs(Step.NONE);

    assertThat(ended).extracting(Span::name).containsExactly("check", "there", "update");
    String root = ended.get(2).id();
    assertThat(ended).extracting(Span::parentId).containsExactly(root, root, "");
    assertThat(ended.get(0).error()).isEqualTo("odd");
    assertThat(ended.get(0).attributes()).containsEntry("k", "v");
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
  void aSpanIsKnownByTheIdsThatAnEventCarries() {
    assertThat(TraceContext.ofSpan(parsed().traceId(), parsed().spanIdText()))
        .isEqualTo(
            new TraceContext(
                parsed().traceIdHigh(), parsed().traceIdLow(), parsed().spanId(), true, ""));
    for (String none : List.of("", "7", "00F067AA0BA902B7", "0000000000000000")) {
      assertThat(TraceContext.ofSpan(parsed().traceId(), none))
          .isEqualTo(TraceContext.ofTrace(parsed().traceId()));
    }
    assertThat(TraceContext.ofSpan("id-1", parsed().spanIdText())).isNull();
  }

  @Test
  void aTraceGoesOnInAnotherContext() {
    Context other = Context.ROOT.withValue(Context.key("other"), "");
    assertThat(TraceContext.carriedInto(other)).isSameAs(other);
    parsed()
        .in(Context.ROOT)
        .run(
            () ->
                TraceContext.carriedInto(other)
                    .run(() -> assertThat(TraceContext.current()).isEqualTo(parsed())));
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
