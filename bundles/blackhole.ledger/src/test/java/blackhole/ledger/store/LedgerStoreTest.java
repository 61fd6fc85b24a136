package blackhole.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import blackhole.ledger.call.Call;
import blackhole.ledger.call.LedgerException;
import blackhole.ledger.call.LedgerException.Reason;
import blackhole.ledger.entry.Draft;
import blackhole.ledger.entry.Entry;
import blackhole.ledger.entry.LeafInput;
import blackhole.ledger.merkle.Hash;
import blackhole.ledger.merkle.Proofs;
import blackhole.ledger.store.LedgerStore.Appended;
import blackhole.testkit.Await;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class LedgerStoreTest {
  private static final LedgerStore.Settings SETTINGS =
      new LedgerStore.Settings(3, 1 << 20, 1 << 20, Duration.ofHours(1));

  @TempDir Path data;
  private LedgerStore store;

  /** Its first inspection is over, so that it is not in the way of what is damaged here. */
  @BeforeEach
  void open() throws Exception {
    store = LedgerStore.open(data, SETTINGS, Clock.systemUTC());
    Await.until(
        "the first inspection is over", () -> store.metrics().get("ledger_inspections_total") >= 1);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() throws Exception {
    store.close();
    open();
  }

  private static Call call() {
    return Call.within(Duration.ofSeconds(120));
  }

  private static Draft draft(String account, String key, String data) {
    return new Draft(account, "test.made", key, "host:test-1", ByteString.copyFromUtf8(data));
  }

  private Entry append(String account, String key, String data) {
    return store.append(draft(account, key, data), call()).join().entry();
  }

  /** Entries k0, k1, … each in a batch of its own. */
  private List<Entry> fill(int count) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(append(i % 2 == 0 ? "even" : "odd", "k" + i, "data of " + i));
    }
    return entries;
  }

  private List<Entry> all() {
    List<Entry> entries = new ArrayList<>();
    OptionalLong next = OptionalLong.of(0);
    while (next.isPresent()) {
      LedgerStore.Page page = store.list("", next.getAsLong(), 7, call());
      entries.addAll(page.entries());
      next = page.next();
    }
    return entries;
  }

  private List<Damage> verify() {
    LedgerStore.Verified verified = store.verify(0, 1_000_000, call(), call());
    assertThat(verified.next()).isEqualTo(verified.size());
    return verified.damage();
  }

  private static void assertFails(Runnable work, Reason reason, String message) {
    assertThatThrownBy(work::run)
        .satisfies(
            failure -> {
              Throwable cause =
                  failure instanceof CompletionException ? failure.getCause() : failure;
              assertThat(cause).isInstanceOf(LedgerException.class);
              assertThat(((LedgerException) cause).reason()).isEqualTo(reason);
              assertThat(cause).hasMessageContaining(message);
            });
  }

  private Path log() {
    return data.resolve("entries.log");
  }

  @Test
  void chainsWhatItRecords() {
    assertThat(store.state()).isEqualTo(TreeState.EMPTY);
    List<Entry> entries = fill(20);
    Hash previous = Hash.ZERO;
    for (int i = 0; i < entries.size(); i++) {
      assertThat(entries.get(i).index()).isEqualTo(i);
      assertThat(entries.get(i).previous()).isEqualTo(previous);
      assertThat(store.get(i, call())).isEqualTo(entries.get(i));
      previous = entries.get(i).leaf();
    }
    assertThat(all()).isEqualTo(entries);
    assertThat(store.state().size()).isEqualTo(20);
    assertThat(store.state().last()).isEqualTo(previous);
    assertThat(verify()).isEmpty();
  }

  @Test
  void isTheSameWhenItIsOpenedAgain() throws Exception {
    List<Entry> entries = fill(5);
    TreeState before = store.state();
    reopen();
    assertThat(store.state()).isEqualTo(before);
    entries.add(append("even", "k5", "more"));
    reopen();
    assertThat(all()).isEqualTo(entries);
    assertThat(verify()).isEmpty();
  }

  @Test
  void listsAnAccountPageByPage() {
    List<Entry> entries = fill(11);
    List<Entry> odd = entries.stream().filter(entry -> entry.index() % 2 == 1).toList();
    LedgerStore.Page first = store.list("odd", 0, 3, call());
    assertThat(first.entries()).isEqualTo(odd.subList(0, 3));
    LedgerStore.Page second = store.list("odd", first.next().orElseThrow(), 3, call());
    assertThat(second.entries()).isEqualTo(odd.subList(3, 5));
    assertThat(second.next()).isEmpty();
    assertThat(store.list("nobody", 0, 3, call()).entries()).isEmpty();
  }

  @Test
  void aPageOfLargeEntriesIsShorter() {
    String large = "x".repeat(400_000);
    for (int i = 0; i < 5; i++) {
      append("a", "k" + i, large);
    }
    LedgerStore.Page first = store.list("a", 0, 100, call());
    assertThat(first.entries()).hasSize(3);
    assertThat(store.list("a", first.next().orElseThrow(), 100, call()).entries()).hasSize(2);
  }

  @Test
  void aKeyStandsForOneEntry() throws Exception {
    Entry entry = append("a", "k", "data");
    assertThat(store.append(draft("a", "k", "data"), call()).join())
        .isEqualTo(new Appended(entry, true));
    assertFails(
        () -> append("a", "k", "other data"),
        Reason.KEY_REUSED,
        "the key stands for entry 0, which says something else");
    assertThat(append("b", "k", "other data").index()).isEqualTo(1);
    reopen();
    assertThat(store.append(draft("a", "k", "data"), call()).join())
        .isEqualTo(new Appended(entry, true));
    assertThat(store.state().size()).isEqualTo(2);
  }

  /** All at once, so that many are in one batch. */
  @Test
  void theSameKeyInOneBatchStandsForOneEntryToo() {
    List<CompletableFuture<Appended>> same = new ArrayList<>();
    List<CompletableFuture<Appended>> others = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      same.add(store.append(draft("a", "k" + i % 10, "data"), call()));
      others.add(store.append(draft("a", "k" + i % 10, "other data"), call()));
    }
    assertThat(same.stream().map(CompletableFuture::join).filter(done -> !done.before()))
        .hasSize(10);
    assertThat(others).allSatisfy(other -> assertFails(other::join, Reason.KEY_REUSED, "key"));
    assertThat(store.state().size()).isEqualTo(10);
    assertThat(verify()).isEmpty();
  }

  /** Has the writer wait for the gate, with whatever is appended meanwhile. */
  private CompletableFuture<Appended> appendBehind(CountDownLatch gate) {
    CountDownLatch reached = new CountDownLatch(1);
    Call waiting =
        Call.within(
            Duration.ofSeconds(120),
            () -> {
              reached.countDown();
              await(gate);
              return false;
            });
    CompletableFuture<Appended> first = store.append(draft("a", "first", ""), waiting);
    await(reached);
    return first;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void manyShareOneWaitForTheDisk() {
    CountDownLatch gate = new CountDownLatch(1);
    List<CompletableFuture<Appended>> appends = new ArrayList<>(List.of(appendBehind(gate)));
    for (int i = 0; i < 400; i++) {
      appends.add(store.append(draft("a", "k" + i, "data"), call()));
    }
    gate.countDown();
    appends.forEach(CompletableFuture::join);
    assertThat(store.metrics())
        .containsEntry("ledger_entries", 401.0)
        .containsEntry("ledger_syncs_total", 2.0);
    assertThat(all()).extracting(Entry::index).isSorted().hasSize(401);
  }

  @Test
  void whatWaitsIsBounded() {
    String large = "x".repeat(300_000);
    CountDownLatch gate = new CountDownLatch(1);
    List<CompletableFuture<Appended>> appends = new ArrayList<>(List.of(appendBehind(gate)));
    for (int i = 0; i < 3; i++) {
      appends.add(store.append(draft("a", "k" + i, large), call()));
    }
    assertFails(
        () -> append("a", "k3", large), Reason.OVERLOADED, "append_buffer is 1048576 bytes");
    gate.countDown();
    appends.forEach(CompletableFuture::join);
    assertThat(append("a", "k3", large).index()).isEqualTo(4);
  }

  @Test
  void whoHasGoneRecordsNothing() {
    Call gone = Call.within(Duration.ofSeconds(120), () -> true);
    assertFails(
        () -> store.append(draft("a", "k", "data"), gone).join(), Reason.TIMED_OUT, "time is over");
    assertThat(store.state().size()).isZero();
  }

  @Test
  void afterItsEndNothingIsTaken() {
    store.close();
    assertFails(() -> append("a", "k", "data"), Reason.STORE_UNAVAILABLE, "is stopping");
  }

  @Test
  void timesNeverGoBack() throws IOException {
    store.close();
    store =
        LedgerStore.open(data, SETTINGS, Clock.fixed(Instant.ofEpochMilli(5000), ZoneOffset.UTC));
    assertThat(append("a", "k0", "").recordedAt()).isEqualTo(5000);
    store.close();
    store =
        LedgerStore.open(data, SETTINGS, Clock.fixed(Instant.ofEpochMilli(4000), ZoneOffset.UTC));
    assertThat(append("a", "k1", "").recordedAt()).isEqualTo(5000);
  }

  @Test
  void provesWhatItHas() {
    List<Entry> entries = fill(13);
    Hash root = store.state().root();
    for (int i = 0; i < 13; i++) {
      LedgerStore.Inclusion proof = store.proveInclusion(i, 0, call());
      assertThat(proof.root()).isEqualTo(root);
      assertThat(proof.leaf()).isEqualTo(entries.get(i).leaf());
      assertThat(Proofs.inclusion(i, 13, proof.leaf(), proof.path(), root)).isTrue();
    }
    LedgerStore.Inclusion older = store.proveInclusion(3, 6, call());
    assertThat(Proofs.inclusion(3, 6, older.leaf(), older.path(), older.root())).isTrue();
    LedgerStore.Consistency grown = store.proveConsistency(6, 0, call());
    assertThat(grown.firstRoot()).isEqualTo(older.root());
    assertThat(grown.secondRoot()).isEqualTo(root);
    assertThat(Proofs.consistency(6, 13, older.root(), root, grown.path())).isTrue();
    assertFails(() -> store.proveInclusion(13, 0, call()), Reason.ENTRY_NOT_FOUND, "no entry 13");
    assertFails(() -> store.proveInclusion(3, 14, call()), Reason.TREE_TOO_SMALL, "no tree of 14");
    assertFails(() -> store.proveConsistency(3, 14, call()), Reason.TREE_TOO_SMALL, "has 13");
    assertFails(() -> store.get(13, call()), Reason.ENTRY_NOT_FOUND, "the ledger has 13");
  }

  @Test
  void aSecondOneIsToldWhoHasIt() {
    assertThatThrownBy(() -> LedgerStore.open(data, SETTINGS, Clock.systemUTC()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in use by this process, " + ProcessHandle.current().pid());
    append("a", "k", "still the first one's");
  }

  /** As kill -9 leaves it: the index is of before the batch that was being written. */
  @Test
  void recoversWhereverTheLastBatchWasCutOff() throws Exception {
    List<Entry> entries = fill(3);
    store.close();
    Path before = Files.createDirectory(data.resolve("before"));
    copyIndex(data, before);
    open();
    List<CompletableFuture<Appended>> last = new ArrayList<>();
    for (int i = 3; i < 6; i++) {
      last.add(store.append(draft("even", "k" + i, "y".repeat(i)), call()));
    }
    last.forEach(append -> entries.add(append.join().entry()));
    store.close();
    byte[] whole = Files.readAllBytes(log());
    List<Long> ends = ends(whole);
    // each byte has its turn in LogScanTest; here every entry's first and last ones, and some
    // within
    for (int cut = ends.get(3).intValue(); cut <= whole.length; cut++) {
      int at = cut;
      boolean near = ends.stream().anyMatch(end -> Math.abs(end - at) < 2);
      if (!near && cut % 61 != 0) {
        continue;
      }
      copyIndex(before, data);
      Files.write(log(), Arrays.copyOf(whole, cut));
      open();
      int kept = (int) ends.stream().filter(end -> end <= at).count() - 1;
      assertThat(all()).as("cut off at %s", cut).isEqualTo(entries.subList(0, kept));
      assertThat(Files.size(log())).isEqualTo(ends.get(kept));
      assertThat(append("new", "k", "goes on").index()).isEqualTo(kept);
      assertThat(verify()).isEmpty();
      store.close();
    }
    open();
  }

  private static void copyIndex(Path from, Path to) throws IOException {
    try (Stream<Path> old = Files.list(to)) {
      for (Path file : old.filter(LedgerStoreTest::isIndex).toList()) {
        Files.delete(file);
      }
    }
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(LedgerStoreTest::isIndex).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static boolean isIndex(Path file) {
    return file.getFileName().toString().startsWith("index.db");
  }

  /** Where no entry ends, the first, the second, … */
  private static List<Long> ends(byte[] log) {
    List<Long> ends = new ArrayList<>(List.of((long) EntryFile.BEGIN));
    long end = EntryFile.BEGIN;
    while (end < log.length) {
      end += Frame.size(log, (int) end);
      ends.add(end);
    }
    return ends;
  }

  @Test
  void withoutItsIndexItMakesAnother() throws Exception {
    List<Entry> entries = fill(9);
    TreeState before = store.state();
    store.close();
    Path nothing = Files.createDirectory(data.resolve("nothing"));
    copyIndex(nothing, data);
    open();
    assertThat(store.state()).isEqualTo(before);
    assertThat(all()).isEqualTo(entries);
    assertThat(store.append(draft("even", "k0", "data of 0"), call()).join().before()).isTrue();
    assertThat(verify()).isEmpty();
  }

  @Test
  void entriesThatAreGoneKeepItFromStarting() throws Exception {
    fill(4);
    store.close();
    byte[] whole = Files.readAllBytes(log());
    Files.write(log(), Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            "entries.log ends at byte "
                + (whole.length - 1)
                + ", but entry 3, which was recorded, ends at byte "
                + whole.length);
    Files.write(log(), whole);
    open();
    assertThat(all()).hasSize(4);
  }

  @Test
  void aByteThatIsTamperedWithIsFoundAndNamed() throws IOException {
    fill(4);
    byte[] whole = Files.readAllBytes(log());
    List<Long> ends = ends(whole);
    for (int at = 0; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 0x20;
      Files.write(log(), flipped);
      int byteAt = at;
      long entry = Math.max(0, ends.stream().filter(end -> end <= byteAt).count() - 1);
      long offset = at < EntryFile.BEGIN ? 0 : ends.get((int) entry);
      assertThat(verify())
          .as("byte %s", at)
          .singleElement()
          .satisfies(
              damage -> {
                assertThat(damage.file()).isEqualTo("entries.log");
                assertThat(damage.offset()).isEqualTo(offset);
                assertThat(damage.entry()).isEqualTo(entry);
              });
      assertThat(store.firstDamage()).isPresent();
    }
    Files.write(log(), whole);
    assertThat(verify()).isEmpty();
    assertThat(store.firstDamage()).isEmpty();
  }

  /** Somebody who knows the format: other data, and all checksums right. */
  @Test
  void anEntryThatIsRewrittenIsFoundByItsHash() throws IOException {
    List<Entry> entries = fill(4);
    byte[] whole = Files.readAllBytes(log());
    List<Long> ends = ends(whole);
    for (int index = 0; index < 4; index++) {
      Entry old = entries.get(index);
      byte[] input =
          LeafInput.encode(
              index,
              old.recordedAt(),
              old.previous(),
              draft(old.draft().account(), old.draft().key(), "DATA of " + index));
      byte[] frame = Frame.encode(index, input);
      byte[] changed = whole.clone();
      System.arraycopy(frame, 0, changed, ends.get(index).intValue(), frame.length);
      Files.write(log(), changed);
      assertThat(verify())
          .containsExactly(
              new Damage(
                  "entries.log",
                  ends.get(index),
                  index,
                  "its hash is not the one that was recorded"));
      int entry = index;
      assertFails(
          () -> store.get(entry, call()),
          Reason.ENTRY_DAMAGED,
          "entries.log is damaged at byte " + ends.get(index) + ": entry " + index);
      assertFails(() -> all(), Reason.ENTRY_DAMAGED, "entry " + index);
    }
  }

  @Test
  void damageIsFoundWithoutBeingAskedFor() throws Exception {
    fill(4);
    store.close();
    byte[] log = Files.readAllBytes(log());
    log[EntryFile.BEGIN + Frame.HEADER + 3] ^= 1;
    Files.write(log(), log);
    open();
    Await.until("the inspection finds it", () -> store.firstDamage().isPresent());
    assertThat(store.firstDamage().orElseThrow().entry()).isZero();
    // and the ledger goes on
    assertThat(append("a", "new", "").index()).isEqualTo(4);
    assertThat(store.get(1, call()).draft().key()).isEqualTo("k1");
  }

  @Test
  void anIndexThatLiesIsNamed() throws Exception {
    fill(4);
    store.close();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("index.db"));
        var statement = connection.createStatement()) {
      // the leaf of entry 1, and the node above entries 2 and 3
      statement.executeUpdate("UPDATE nodes SET hash = zeroblob(32) WHERE node IN (1, 5)");
    }
    open();
    assertThat(verify())
        .extracting(Damage::file, Damage::entry)
        .contains(tuple("index.db", 1L), tuple("index.db", 3L))
        .allMatch(found -> found.toList().get(0).equals("index.db"));
  }

  @Test
  void aPartOfTheLedgerCanBeVerified() {
    fill(12);
    LedgerStore.Verified part = store.verify(3, 4, call(), call());
    assertThat(part).isEqualTo(new LedgerStore.Verified(7, 12, List.of()));
    Call over = Call.within(Duration.ZERO);
    assertThat(store.verify(3, 4, over, call()).next()).isEqualTo(3);
    assertThat(store.verify(12, 4, call(), call()).next()).isEqualTo(12);
    assertThat(store.verify(Long.MAX_VALUE, 4, call(), call()).damage()).isEmpty();
  }
}
