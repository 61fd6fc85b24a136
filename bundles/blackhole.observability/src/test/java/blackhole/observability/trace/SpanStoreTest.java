package blackhole.observability.trace;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.observe.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SpanStoreTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SpanStore store = new SpanStore();

  static Span span(String trace, String id, String parent, Span.Kind kind, int startMillis) {
    return new Span(
        trace,
        id,
        parent,
        "test.v1.Echo/Say",
        kind,
        "echo-1",
        Instant.EPOCH.plusMillis(startMillis),
        Duration.ofMillis(5),
        "",
        Map.of("rpc.system", "grpc"));
  }

  @Test
  void spansOfATraceComeInTheOrderOfTheirStart() {
    store.ended(List.of(span("t", "b", "a", Span.Kind.SERVER, 2)));
    store.ended(
        List.of(span("u", "c", "", Span.Kind.SERVER, 3), span("t", "a", "", Span.Kind.CLIENT, 1)));
    assertThat(store.trace("t")).extracting(Span::id).containsExactly("a", "b");
    assertThat(store.trace("v")).isEmpty();
    assertThat(store.recent(9)).extracting(Span::id).containsExactly("c", "a");
    assertThat(store.recent(1)).extracting(Span::id).containsExactly("c");
  }

  @Test
  void itIsComplete_whenAllAreHereThatAreSpokenOf() {
    Span client = span("t", "a", "root", Span.Kind.CLIENT, 1);
    Span server = span("t", "b", "a", Span.Kind.SERVER, 2);
    assertThat(SpanStore.lacksNothing(List.of(), "root")).isFalse();
    assertThat(SpanStore.lacksNothing(List.of(client), "root")).isFalse();
    assertThat(SpanStore.lacksNothing(List.of(server), "root")).isFalse();
    assertThat(SpanStore.lacksNothing(List.of(client, server), "root")).isTrue();
    assertThat(SpanStore.lacksNothing(List.of(client, server), "")).isFalse();
  }

  @Test
  void whoWaitsGetsWhatComesLater() throws Exception {
    CompletableFuture<List<Span>> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return store.await("t", "root", PATIENCE);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    store.ended(List.of(span("t", "a", "root", Span.Kind.CLIENT, 1)));
    store.ended(List.of(span("t", "b", "a", Span.Kind.SERVER, 2)));
    assertThat(waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).hasSize(2);
  }

  @Test
  void whoWaitsForWhatNeverComesGetsTheRest() throws Exception {
    store.ended(List.of(span("t", "a", "lost", Span.Kind.SERVER, 1)));
    assertThat(store.await("t", "root", Duration.ofMillis(50))).hasSize(1);
    assertThat(store.await("u", "root", Duration.ofMillis(50))).isEmpty();
  }

  @Test
  void theOldestGoFirst_andNoTraceTakesAllTheRoom() {
    for (int i = 0; i < 3 * SpanStore.MOST_OF_A_TRACE; i++) {
      store.ended(List.of(span("long", "s" + i, "", Span.Kind.SERVER, i)));
    }
    assertThat(store.trace("long")).hasSize(SpanStore.MOST_OF_A_TRACE);
    for (int i = 0; i < SpanStore.MOST_SPANS; i++) {
      store.ended(List.of(span("t" + i, "s", "", Span.Kind.SERVER, i)));
    }
    assertThat(store.trace("long")).isEmpty();
    assertThat(store.trace("t0")).hasSize(1);
    assertThat(store.recent(Integer.MAX_VALUE)).hasSize(SpanStore.MOST_SPANS);
  }
}
