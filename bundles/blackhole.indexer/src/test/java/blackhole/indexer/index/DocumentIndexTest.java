package blackhole.indexer.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.indexer.call.IndexerException;
import blackhole.indexer.call.IndexerException.Reason;
import blackhole.indexer.document.Content;
import blackhole.indexer.index.Found.Hit;
import blackhole.indexer.index.Found.Part;
import blackhole.indexer.index.Found.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentIndexTest {
  @TempDir Path directory;
  private DocumentIndex index;

  @BeforeEach
  void open() throws IOException {
    index = DocumentIndex.open(directory, 1 << 20);
  }

  @AfterEach
  void close() throws IOException {
    index.close();
  }

  private void reopen() throws IOException {
    index.close();
    open();
  }

  private void put(String cid, String text) {
    put(cid, text, 0, "");
  }

  private void put(String cid, String text, long storedAt, String storedBy) {
    byte[] bytes = text.getBytes(UTF_8);
    index.put(new Entry(cid, bytes.length, storedAt, storedBy, Content.of(bytes).orElseThrow()));
  }

  private static Patience patience() {
    return Patience.of(Duration.ofMinutes(1), () -> false);
  }

  private Found search(Wanted wanted) {
    return index.search(wanted, patience());
  }

  private List<Hit> hits(String query) {
    return search(new Wanted(query, 100, Optional.empty(), false, 3)).hits();
  }

  private List<String> cids(String query) {
    return hits(query).stream().map(Hit::cid).sorted().toList();
  }

  private static String marked(Hit hit) {
    return hit.snippets().stream()
        .flatMap(snippet -> snippet.parts().stream())
        .map(part -> part.match() ? "[" + part.text() + "]" : part.text())
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "black hole|a",
        "HOLE|a b",
        "\"black hole\"|a",
        "\"hole black\"|''",
        "\"hole star\"~3|b",
        "black OR star|a b c",
        "star -hole|c",
        "gal*|c",
        "h?le|a b",
        "gallaxy~1|c",
        "(black OR worm) AND hole|a b",
        "kind:json|c",
        "kind:JSON|c",
        "cid:b|b",
        "stored_by:\"did:key:ada\"|b",
        "stored_by:did*|b",
        "json.object.name:galaxy|c",
        "json.object.name:Star|''",
        "json.tags:star|c",
        "json.tags:\"bright star\"|c",
        "json.tags:\"star far\"|''",
        "json.object.name:gal*|c",
        "json.object.name:g?laxy|c",
        "json.object:galaxy|''",
        "size:[12 TO *]|a b c",
        "size:{0 TO 12}|''",
        "stored_at:[5 TO 7]|b",
        "stored_at:7|b",
        "*:* -kind:json|a b",
        "...|''"
      })
  void findsWhatTheQuerySays(String query, String expected) {
    put("a", "A black hole.");
    put("b", "A worm hole, near a star", 7, "did:key:ada");
    put("c", "{\"object\": {\"name\": \"Galaxy\"}, \"tags\": [\"bright star\", \"far\"]}");

    assertThat(String.join(" ", cids(query))).isEqualTo(expected);
  }

  @Test
  void findsEverythingWhenNothingIsAsked() {
    put("a", "one");
    put("b", "two");
    assertThat(cids("")).containsExactly("a", "b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "(black|cannot be read: Encountered \"<EOF>\"",
        "name:x|no field 'name'; there are cid, kind",
        "generation:1|no field 'generation'",
        "size:big|'size' takes whole numbers, not 'big'",
        "text:[a TO b]|'text' has no ranges",
        "/.*/|regular expressions are not taken",
        "*hole|not allowed as first character",
        "kind:jso~|takes no fuzzy~ words"
      })
  void saysWhatIsWrongWithAQuery(String query, String words) {
    assertThatThrownBy(() -> hits(query))
        .isInstanceOfSatisfying(
            IndexerException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.INVALID_REQUEST);
              assertThat(e.violations()).hasSize(1);
              assertThat(e.violations().get(0).field()).isEqualTo("query");
            })
        .hasMessageContaining(words)
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesQueriesThatWouldGoTooDeep() {
    assertThatThrownBy(() -> hits("(".repeat(400) + "a" + ")".repeat(400)))
        .hasMessageContaining("more than 50 parentheses");
  }

  @Test
  void endsASearchThatIsOverItsTime() {
    put("a", "black");
    assertThatThrownBy(
            () ->
                index.search(
                    new Wanted("bl*", 10, Optional.empty(), false, 0),
                    Patience.of(Duration.ofMinutes(1), () -> true)))
        .isInstanceOfSatisfying(
            IndexerException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TIMED_OUT));
  }

  @Test
  void marksWhatWasAskedFor() {
    put("a", "Some words. <b>Black</b> holes are where it is darkest. The end.");
    put("b", "{\"name\": \"Black Beauty\", \"colour\": \"brown\"}");

    assertThat(marked(hits("black hole*").get(0)))
        .isEqualTo("Some words. <b>[Black]</b> [holes] are where it is darkest. The end.");
    assertThat(hits("black hole*").get(0).snippets().get(0).parts())
        .contains(new Part("Black", true));
    assertThat(marked(hits("json.name:beauty").get(0)))
        .isEqualTo("name: Black [Beauty]\ncolour: brown");
    assertThat(marked(hits("cid:a").get(0))).startsWith("Some words.");
  }

  @Test
  void cutsLongTextsIntoSnippets() {
    put("a", "far away ".repeat(10_000) + "needle " + "beyond ".repeat(10_000));
    put("b", "x".repeat(100_000) + " needle");

    Found found = search(new Wanted("needle", 10, Optional.empty(), false, 2));
    assertThat(found.hits())
        .allSatisfy(
            hit -> {
              assertThat(marked(hit)).contains("[needle]");
              assertThat(marked(hit).length()).isLessThan(700);
            });
    assertThat(search(new Wanted("needle", 10, Optional.empty(), false, 0)).hits())
        .allSatisfy(hit -> assertThat(hit.snippets()).isEmpty());
  }

  @Test
  void pagesThroughAllHitsOnceInEitherOrder() {
    for (int i = 0; i < 23; i++) {
      put("cid-" + i, "word ".repeat(1 + i % 5) + "other", i / 3, "");
    }
    for (boolean newest : new boolean[] {false, true}) {
      List<Hit> all = new ArrayList<>();
      Optional<Place> after = Optional.empty();
      do {
        Found page = search(new Wanted("word", 5, after, newest, 0));
        assertThat(page.total()).isEqualTo(23);
        assertThat(page.moreThanTotal()).isFalse();
        all.addAll(page.hits());
        after = Optional.ofNullable(page.next());
      } while (after.isPresent());

      assertThat(all).extracting(Hit::cid).doesNotHaveDuplicates().hasSize(23);
      if (newest) {
        assertThat(all)
            .extracting(Hit::storedAtSeconds)
            .isSortedAccordingTo((a, b) -> (int) (b - a));
      } else {
        assertThat(all).extracting(Hit::score).isSortedAccordingTo((a, b) -> Float.compare(b, a));
      }
    }
  }

  @Test
  void goesOnBehindAHitThatIsGone() {
    IntStream.range(0, 6).forEach(i -> put("cid-" + i, "word"));
    Found first = search(new Wanted("word", 3, Optional.empty(), true, 0));
    index.delete("cid-2");
    Found second = search(new Wanted("word", 3, Optional.ofNullable(first.next()), true, 0));
    assertThat(second.hits()).extracting(Hit::cid).containsExactly("cid-3", "cid-4", "cid-5");
    assertThat(second.next()).isNull();
  }

  @Test
  void hasOneDocumentForEachCid() {
    put("a", "old words");
    put("a", "new words");
    assertThat(cids("words")).containsExactly("a");
    assertThat(cids("old")).isEmpty();
    index.delete("a");
    assertThat(cids("words")).isEmpty();
  }

  @Test
  void keepsItsProgressWithItsDocuments() throws IOException {
    put("a", "word");
    index.reached(17);
    reopen();

    assertThat(index.progress()).isEqualTo(new Progress(17, 1, false));
    assertThat(cids("word")).containsExactly("a");
  }

  @Test
  void isNeverAheadOfItsCommits() throws IOException {
    put("a", "word");
    index.reached(17);
    index.commit();
    put("b", "word");
    index.reached(18);
    Path copy = Files.createDirectory(directory.resolveSibling(directory.getFileName() + "-copy"));
    // what a process leaves that is killed now
    try (var files = Files.newDirectoryStream(directory, "[_s]*")) {
      for (Path file : files) {
        Files.copy(file, copy.resolve(file.getFileName().toString()));
      }
    }
    try (DocumentIndex left = DocumentIndex.open(copy, 1 << 20)) {
      assertThat(left.progress()).isEqualTo(new Progress(17, 1, false));
      assertThat(left.documents()).isEqualTo(1);
    } finally {
      try (var files = Files.newDirectoryStream(copy)) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
      Files.delete(copy);
    }
  }

  @Test
  void keepsTheOldGenerationUntilTheNewOneIsComplete() throws IOException {
    put("a", "word");
    put("b", "word");
    index.reached(5);
    index.completeGeneration();
    assertThat(index.progress()).isEqualTo(new Progress(5, 1, true));
    assertThat(index.isCurrent("a")).isTrue();

    index.beginGeneration();
    assertThat(index.progress()).isEqualTo(new Progress(0, 2, false));
    assertThat(index.isCurrent("a")).isFalse();
    put("b", "word");
    assertThat(index.isCurrent("b")).isTrue();
    assertThat(cids("word")).containsExactly("a", "b");
    reopen();
    assertThat(index.progress().generation()).isEqualTo(2);

    index.completeGeneration();
    assertThat(cids("word")).containsExactly("b");
  }

  @Test
  void beginsAnewWhenItsFilesAreDamaged() throws IOException {
    put("a", "word");
    index.reached(5);
    index.close();
    try (var files = Files.newDirectoryStream(directory, "segments_*")) {
      for (Path file : files) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
      }
    }
    open();

    assertThat(index.progress()).isEqualTo(new Progress(0, 1, false));
    assertThat(index.documents()).isZero();
    put("b", "word");
    assertThat(cids("word")).containsExactly("b");
  }
}
