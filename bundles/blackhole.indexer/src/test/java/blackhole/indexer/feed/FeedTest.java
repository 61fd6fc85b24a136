package blackhole.indexer.feed;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.indexer.index.DocumentIndex;
import blackhole.indexer.index.Found.Hit;
import blackhole.indexer.index.Patience;
import blackhole.indexer.index.Wanted;
import blackhole.testkit.Await;
import com.google.protobuf.Empty;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class FeedTest {
  private static final long MAX_BYTES = 1000;
  private static final Feed.Retries RETRIES =
      new Feed.Retries(Duration.ofMillis(5), Duration.ofMillis(20));

  @TempDir Path directory;
  private final TestBlobs blobs = new TestBlobs();
  private final TestStream stream = new TestStream();
  private IndexHolder holder;
  private Intake intake;
  private Feed feed;

  @BeforeEach
  void start() throws IOException {
    holder = new IndexHolder(() -> DocumentIndex.open(directory, 1 << 20));
    intake = new Intake(blobs, MAX_BYTES);
    feed = new Feed(holder, intake, blobs, stream, RETRIES, Duration.ofMillis(20));
    feed.start();
  }

  @AfterEach
  void stop() throws Exception {
    stream.close();
    feed.close();
    holder.close();
  }

  private void restart() throws Exception {
    feed.close();
    holder.close();
    blobs.setAway(false);
    start();
  }

  private List<Hit> hits(String query) {
    return holder
        .get()
        .search(
            new Wanted(query, 100, Optional.empty(), true, 0),
            Patience.of(Duration.ofMinutes(1), () -> false))
        .hits();
  }

  private void awaitCids(String... cids) throws Exception {
    Await.until(
        "found: " + List.of(cids),
        () -> hits("").stream().map(Hit::cid).sorted().toList().equals(List.of(cids)));
  }

  private void awaitComplete(long generation) throws Exception {
    Await.until(
        "complete",
        () ->
            holder.get().progress().complete()
                && holder.get().progress().generation() == generation);
  }

  private void awaitPosition(long position) throws Exception {
    Await.until("position", () -> holder.get().progress().position() == position);
  }

  private void store(String cid, String text) {
    blobs.put(cid, text);
    stream.stored(cid, text.length(), "did:key:ada");
  }

  private void delete(String cid) {
    blobs.delete(cid);
    stream.deleted(cid);
  }

  @Test
  void followsWhatEventsSay() throws Exception {
    awaitComplete(1);
    store("a", "black hole");
    store("b", "white dwarf");
    awaitCids("a", "b");
    assertThat(hits("hole").get(0).storedBy()).isEqualTo("did:key:ada");
    assertThat(hits("hole").get(0).storedAtSeconds()).isEqualTo(1000);

    delete("a");
    awaitCids("b");
    awaitPosition(3);
    assertThat(intake.indexed()).isEqualTo(2);
    assertThat(intake.deleted()).isEqualTo(1);
  }

  @Test
  void leavesOutAndCountsWhatItCannotRead() throws Exception {
    awaitComplete(1);
    store("binary", "a\0b");
    store("large", "x".repeat((int) MAX_BYTES + 1));
    stream.stored("gone", 3, "");
    stream.add("blob.renamed", Empty.getDefaultInstance());
    stream.add("blob.stored", Empty.getDefaultInstance());
    store("a", "text");
    awaitCids("a");

    assertThat(intake.unreadable()).isEqualTo(1);
    assertThat(intake.tooLarge()).isEqualTo(1);
    awaitPosition(6);
  }

  @Test
  void goesOnWhereItWas() throws Exception {
    awaitComplete(1);
    store("a", "text");
    awaitPosition(1);
    feed.close();
    holder.close();
    store("b", "text");
    blobs.setAway(false);
    start();

    awaitCids("a", "b");
    assertThat(stream.asked()).containsExactly(1L, 2L);
    assertThat(intake.indexed()).isEqualTo(1);
  }

  @Test
  void waitsForStorageAndLosesNothing() throws Exception {
    awaitComplete(1);
    blobs.setAway(true);
    store("a", "text");
    store("b", "text");
    Await.until("trouble", () -> feed.trouble().contains("event 1 waits"));
    assertThat(hits("")).isEmpty();

    blobs.setAway(false);
    awaitCids("a", "b");
    Await.until("no trouble", () -> feed.trouble().isEmpty());
  }

  @Test
  void looksOnceAtAllThatStorageLists() throws Exception {
    awaitComplete(1);
    for (int i = 0; i < 5; i++) {
      blobs.put("old-" + i, "from before the events");
    }
    store("a", "text");
    awaitCids("a");

    assertThat(feed.rebuild()).isEqualTo(2);
    awaitComplete(2);
    awaitCids("a", "old-0", "old-1", "old-2", "old-3", "old-4");
    awaitPosition(1);
    assertThat(hits("cid:a").get(0).storedBy()).isEqualTo("did:key:ada");
  }

  @Test
  void forgetsInARebuildWhatStorageDoesNotHave() throws Exception {
    awaitComplete(1);
    store("a", "text");
    store("b", "text");
    awaitCids("a", "b");
    blobs.delete("b"); // and no event says so

    long unused = feed.rebuild();
    awaitComplete(2);
    awaitCids("a");
  }

  @Test
  void goesOnWithARebuildThatWasCutShort() throws Exception {
    awaitComplete(1);
    blobs.put("old", "text");
    blobs.setAway(true);
    long unused = feed.rebuild();
    assertThat(holder.get().progress().complete()).isFalse();
    restart();

    awaitComplete(2);
    awaitCids("old");
  }

  @Test
  void beginsAnewWithAnotherStream() throws Exception {
    awaitComplete(1);
    store("a", "text");
    store("b", "text");
    awaitPosition(2);
    feed.close();
    holder.close();
    stream.lose();
    blobs.put("c", "text");
    blobs.setAway(false);
    start();
    store("d", "text");

    awaitComplete(2);
    awaitCids("a", "b", "c", "d");
  }
}
