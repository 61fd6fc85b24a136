package blackhole.storage.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.storage.call.Call;
import blackhole.storage.call.StorageException;
import blackhole.storage.call.StorageException.Reason;
import blackhole.storage.cid.Cid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two stores on one directory, as two instances have it. */
@Timeout(120)
class BlobStoreTest {
  @TempDir Path data;

  private BlobStore store;
  private BlobStore other;

  @BeforeEach
  void open() throws IOException {
    store = BlobStore.open(data, 4, 1 << 20, Clock.systemUTC());
    other = BlobStore.open(data, 4, 1 << 20, Clock.systemUTC());
  }

  @AfterEach
  void close() {
    store.close();
    other.close();
  }

  private static Call call() {
    return Call.within(Duration.ofSeconds(60));
  }

  private static BlobWriter.Stored put(BlobStore store, String content) {
    try (BlobWriter writer = store.create()) {
      writer.write(ByteBuffer.wrap(content.getBytes(UTF_8)));
      return writer.commit(Optional.empty(), call());
    }
  }

  private static String rest(BlobReader reader) {
    StringBuilder text = new StringBuilder();
    do {
      text.append(new String(reader.next(7), UTF_8));
    } while (!reader.isAtEnd());
    return text.toString();
  }

  private static String get(BlobStore store, Cid cid) {
    try (BlobReader reader = store.read(cid, 0, Long.MAX_VALUE, call())) {
      return rest(reader);
    }
  }

  private static void assertFails(Runnable work, Reason reason, String message) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
  }

  /** All files of blobs and those that are being written. */
  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder : List.of("blobs", "tmp")) {
      try (Stream<Path> walk = Files.walk(data.resolve(folder))) {
        walk.filter(Files::isRegularFile).forEach(files::add);
      }
    }
    return files;
  }

  private Path file(Cid cid) throws IOException {
    return new BlobFiles(data.resolve("blobs")).path(cid);
  }

  @Test
  void showsOneInstanceWhatTheOtherStored() throws IOException {
    BlobWriter.Stored stored = put(store, "content");
    assertThat(stored.before()).isFalse();
    assertThat(other.stat(stored.cid(), call()).size()).isEqualTo(7);
    assertThat(get(other, stored.cid())).isEqualTo("content");
    assertThat(put(other, "content").before()).isTrue();
    assertThat(files()).containsExactly(file(stored.cid()));

    assertThat(other.delete(stored.cid(), call())).isTrue();
    assertThat(store.delete(stored.cid(), call())).isFalse();
    assertFails(() -> store.stat(stored.cid(), call()), Reason.BLOB_NOT_FOUND, "there is no blob");
    assertThat(files()).isEmpty();
  }

  @Test
  void syncsWhatItAcknowledges() {
    for (int i = 0; i < 3; i++) {
      assertThat(store.pragma("journal_mode", call())).isEqualTo("wal");
      assertThat(store.pragma("synchronous", call())).isEqualTo("2");
      // notes are not synced, and the connection is used again
      store.delete(put(store, "content").cid(), call());
    }
  }

  @Test
  void showsNothingBeforeItIsCommitted() throws IOException {
    try (BlobWriter writer = store.create()) {
      writer.write(ByteBuffer.wrap("half of".getBytes(UTF_8)));
      assertThat(other.list("", 10, call())).isEmpty();
      assertThat(files()).hasSize(1);
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void storesNothingUnderAnotherNameThanExpected() throws IOException {
    Cid expected = Cid.of(Cid.newDigest().digest("this".getBytes(UTF_8)));
    try (BlobWriter writer = store.create()) {
      writer.write(ByteBuffer.wrap("that".getBytes(UTF_8)));
      assertFails(
          () -> writer.commit(Optional.of(expected), call()),
          Reason.CID_MISMATCH,
          "not " + expected);
    }
    assertThat(files()).isEmpty();
    assertThat(store.list("", 10, call())).isEmpty();
  }

  @Test
  void storesNothingForACallThatIsOver() throws IOException {
    try (BlobWriter writer = store.create()) {
      writer.write(ByteBuffer.wrap("late".getBytes(UTF_8)));
      assertFails(
          () -> writer.commit(Optional.empty(), Call.within(Duration.ofSeconds(9), () -> true)),
          Reason.TIMED_OUT,
          "over");
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void letsAReaderFinishWhatIsDeletedMeanwhile() {
    Cid cid = put(store, "a long story").cid();
    try (BlobReader reader = store.read(cid, 0, Long.MAX_VALUE, call())) {
      byte[] first = reader.next(5);
      assertThat(other.delete(cid, call())).isTrue();
      assertThat(new String(first, UTF_8) + rest(reader)).isEqualTo("a long story");
    }
    assertThat(store.damaged(call())).isZero();
  }

  @Test
  void givesRanges() {
    Cid cid = put(store, "0123456789").cid();
    record Range(long offset, long length, String content) {}
    for (Range range :
        List.of(
            new Range(0, 10, "0123456789"),
            new Range(0, 3, "012"),
            new Range(3, 4, "3456"),
            new Range(8, 100, "89"),
            new Range(9, Long.MAX_VALUE, "9"),
            new Range(10, Long.MAX_VALUE, ""))) {
      try (BlobReader reader = store.read(cid, range.offset(), range.length(), call())) {
        assertThat(rest(reader)).isEqualTo(range.content());
      }
    }
    assertFails(() -> store.read(cid, 11, 1, call()), Reason.RANGE_PAST_END, "has 10 bytes");
  }

  @Test
  void keepsTheLastBytesBackWhenOthersHaveChanged() throws IOException {
    Cid cid = put(store, "all is well here").cid();
    Files.writeString(file(cid), "all is hell here");
    try (BlobReader reader = store.read(cid, 0, Long.MAX_VALUE, call())) {
      assertThat(new String(reader.next(9), UTF_8)).isEqualTo("all is he");
      assertFails(() -> reader.next(9), Reason.BLOB_DAMAGED, "not those of its CID");
    }
    assertThat(other.damaged(call())).isEqualTo(1);
    assertThat(other.stat(cid, call()).damage()).contains("not those of its CID");
    assertFails(() -> other.read(cid, 0, 1, call()), Reason.BLOB_DAMAGED, "put it again");
  }

  @Test
  void mendsADamagedBlobThatIsPutAgain() throws IOException {
    Cid cid = put(store, "content").cid();
    Files.writeString(file(cid), "CONTENT");
    assertFails(() -> get(store, cid), Reason.BLOB_DAMAGED, "damaged");
    assertThat(put(other, "content").before()).isFalse();
    assertThat(get(store, cid)).isEqualTo("content");
    assertThat(store.damaged(call())).isZero();
  }

  @Test
  void noticesAFileThatIsMissingOrCutOff() throws IOException {
    Cid missing = put(store, "missing").cid();
    Cid cut = put(store, "cut off").cid();
    Files.delete(file(missing));
    Files.writeString(file(cut), "cut");
    assertFails(() -> get(store, missing), Reason.BLOB_DAMAGED, "its file is missing");
    assertThat(store.stat(cut, call()).damage()).isEqualTo("its file has 3 bytes, not 7");
    assertThat(store.damaged(call())).isEqualTo(2);
    assertThat(put(store, "missing").before()).isFalse();
    assertThat(store.delete(cut, call())).isTrue();
    assertThat(store.damaged(call())).isZero();
  }

  @Test
  void marksNoBlobForTheDamageOfAnEarlierOne() throws IOException {
    Cid cid = put(store, "content").cid();
    Files.writeString(file(cid), "CONTENT");
    try (BlobReader reader = store.read(cid, 0, Long.MAX_VALUE, call())) {
      other.delete(cid, call());
      put(other, "content");
      assertFails(() -> rest(reader), Reason.BLOB_DAMAGED, "damaged");
    }
    assertThat(store.damaged(call())).isZero();
    assertThat(get(store, cid)).isEqualTo("content");
  }

  /** What a process leaves that dies between its two steps. */
  @Test
  void settlesWhatTheDeadLeft() throws IOException {
    Cid kept = put(store, "kept").cid();
    Cid orphan = put(store, "orphan").cid();
    BlobIndex index = BlobIndex.open(data, 1, 1 << 20);
    index.change(
        call(),
        transaction -> {
          transaction.unsettle(kept);
          transaction.unsettle(orphan);
          transaction.remove(orphan);
          return true;
        });
    Path dead = Files.writeString(data.resolve("tmp/1-2-dead"), "half of it");
    BlobStore next = BlobStore.open(data, 1, 1 << 20, Clock.systemUTC());
    next.close();
    assertThat(index.unsettled(call())).isEmpty();
    index.close();
    assertThat(files()).containsExactly(file(kept));
    assertThat(dead).doesNotExist();
    assertThat(get(store, kept)).isEqualTo("kept");
  }

  @Test
  void leavesWhatTheLivingWrite() throws IOException {
    try (BlobWriter writer = store.create()) {
      writer.write(ByteBuffer.wrap("in ".getBytes(UTF_8)));
      BlobStore.open(data, 1, 1 << 20, Clock.systemUTC()).close();
      writer.write(ByteBuffer.wrap("peace".getBytes(UTF_8)));
      Cid cid = writer.commit(Optional.empty(), call()).cid();
      assertThat(get(other, cid)).isEqualTo("in peace");
    }
  }

  @Test
  void deletesWhatIsBeingWrittenWhenItCloses() throws IOException {
    BlobWriter writer = store.create();
    writer.write(ByteBuffer.wrap("half".getBytes(UTF_8)));
    store.close();
    assertThat(files()).isEmpty();
    assertFails(
        () -> writer.write(ByteBuffer.wrap("more".getBytes(UTF_8))),
        Reason.STORE_UNAVAILABLE,
        "the store");
    assertFails(
        () -> writer.commit(Optional.empty(), call()), Reason.STORE_UNAVAILABLE, "is stopping");
  }

  /** Puts and deletes of the same names at once: whatever is listed is there and whole. */
  @Test
  void staysConsistentWhenManyPutAndDeleteTheSame() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Void>> work = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        int number = thread;
        work.add(
            () -> {
              BlobStore mine = number % 2 == 0 ? store : other;
              for (int i = 0; i < 60; i++) {
                Cid cid = put(mine, "shared " + i % 3).cid();
                if ((i + number) % 3 == 0) {
                  mine.delete(cid, call());
                }
                readIfThere(mine, cid);
              }
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(work)) {
        done.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(store.damaged(call())).isZero();
    List<Blob> left = store.list("", 10, call());
    for (Blob blob : left) {
      assertThat(get(other, blob.cid())).startsWith("shared ");
    }
    assertThat(files()).hasSameSizeAs(left);
  }

  private static void readIfThere(BlobStore store, Cid cid) {
    try {
      assertThat(get(store, cid)).startsWith("shared ");
    } catch (StorageException e) {
      assertThat(e.reason()).isEqualTo(Reason.BLOB_NOT_FOUND);
    }
  }

  @Test
  void saysWhichFileCannotBeOpened() throws IOException {
    Path bad = Files.createDirectory(data.resolve("bad"));
    Files.writeString(bad.resolve("storage.db"), "this is no database at all".repeat(100));
    assertThatThrownBy(() -> BlobStore.open(bad, 1, 1 << 20, Clock.systemUTC()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(bad.resolve("storage.db").toString());
  }
}
