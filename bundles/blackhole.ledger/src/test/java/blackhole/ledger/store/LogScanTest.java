package blackhole.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.ledger.entry.Draft;
import blackhole.ledger.entry.Entry;
import blackhole.ledger.entry.LeafInput;
import blackhole.ledger.merkle.Hash;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every byte at which a log may be cut off, and every byte in which it may be damaged. */
class LogScanTest {
  /** Two batches of two entries, and one of three. */
  private static final List<Integer> BATCHES = List.of(0, 0, 2, 2, 4, 4, 4);

  @TempDir Path data;
  private final List<Located> places = new ArrayList<>();
  private byte[] whole;
  private EntryFile file;

  @BeforeEach
  void write() throws IOException {
    file = EntryFile.open(data);
    Hash previous = Hash.ZERO;
    long offset = EntryFile.BEGIN;
    for (int index = 0; index < BATCHES.size(); index++) {
      byte[] input = LeafInput.encode(index, 1000, previous, draft(index));
      byte[] frame = Frame.encode(BATCHES.get(index), input);
      previous = Hash.leaf(input);
      file.write(frame, offset);
      places.add(new Located(index, offset, frame.length, previous));
      offset += frame.length;
    }
    whole = Files.readAllBytes(path());
  }

  private static Draft draft(int index) {
    return new Draft("a", "t", "k" + index, "", ByteString.copyFromUtf8("x".repeat(index)));
  }

  @AfterEach
  void close() throws IOException {
    file.close();
  }

  private Path path() {
    return data.resolve("entries.log");
  }

  private long endOf(int entries) {
    return entries == 0 ? EntryFile.BEGIN : places.get(entries - 1).end();
  }

  /** What the scan sees from an entry on. */
  private List<Located> scan(int from) throws IOException {
    Hash previous = from == 0 ? Hash.ZERO : places.get(from - 1).leaf();
    LogScan scan = new LogScan(file, from, endOf(from), previous);
    List<Located> seen = new ArrayList<>();
    for (Optional<LogScan.Found> next = scan.next(); next.isPresent(); next = scan.next()) {
      seen.add(next.get().located());
    }
    assertThat(scan.offset()).isEqualTo(endOf(from + seen.size()));
    return seen;
  }

  /** The failure's message, or how many entries it saw. */
  private String outcome() {
    try {
      return Integer.toString(scan(0).size());
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  @Test
  void seesAllThatIsThere() throws IOException {
    for (int from = 0; from <= places.size(); from++) {
      assertThat(scan(from)).isEqualTo(places.subList(from, places.size()));
    }
  }

  @Test
  void keepsEveryWholeEntryWhereverItIsCutOff() throws IOException {
    for (int size = EntryFile.BEGIN; size <= whole.length; size++) {
      Files.write(path(), Arrays.copyOf(whole, size));
      int kept = 0;
      while (kept < places.size() && endOf(kept + 1) <= size) {
        kept++;
      }
      assertThat(scan(0)).as("cut off at %s", size).isEqualTo(places.subList(0, kept));
    }
  }

  @Test
  void tellsDamageFromTheTraceOfACrashInEveryByte() throws IOException {
    for (int at = EntryFile.BEGIN; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 0x41;
      Files.write(path(), flipped);
      int entry = 0;
      while (endOf(entry + 1) <= at) {
        entry++;
      }
      if (entry < 4) {
        // its batch was synced before the last one was written
        assertThat(outcome())
            .startsWith(
                "entries.log is damaged at byte " + endOf(entry) + ": entry " + entry + ", ")
            .contains("restore the file from a backup");
      } else {
        // of the last batch, nobody can say whether it ever was whole
        assertThat(outcome()).as("byte %s", at).isEqualTo(Integer.toString(entry));
      }
    }
  }

  /** As after a failure of power: later blocks are there, an earlier one is not. */
  @Test
  void aHoleInTheLastBatchIsTheTraceOfACrash() throws IOException {
    byte[] hole = whole.clone();
    Arrays.fill(hole, (int) endOf(4), (int) endOf(5), (byte) 0);
    Files.write(path(), hole);
    assertThat(outcome()).isEqualTo("4");
  }

  @Test
  void moreThanABatchBehindTheEndIsDamage() throws IOException {
    Files.write(path(), Arrays.copyOf(whole, whole.length + LogScan.MAX_BATCH + 1));
    assertThat(outcome())
        .startsWith(
            "entries.log is damaged at byte " + whole.length + ": entry 7, its length cannot be");
    Files.write(path(), Arrays.copyOf(whole, whole.length + LogScan.MAX_BATCH));
    assertThat(outcome()).isEqualTo("7");
  }

  /** With right checksums, but not this ledger's. */
  @Test
  void entriesOfAnotherHistoryAreDamage() throws IOException {
    Entry third = LeafInput.decode(LeafInput.encode(2, 1, Hash.ZERO, draft(2)));
    byte[] alien = Frame.encode(2, LeafInput.encode(2, 1000, Hash.ZERO, third.draft()));
    byte[] changed = whole.clone();
    System.arraycopy(alien, 0, changed, (int) endOf(2), alien.length);
    Files.write(path(), changed);
    assertThat(outcome())
        .startsWith("entries.log is damaged at byte " + endOf(2) + ": entry 2, it does not follow");

    byte[] moved = Arrays.copyOfRange(whole, (int) endOf(1), (int) endOf(2));
    changed = whole.clone();
    System.arraycopy(moved, 0, changed, (int) endOf(0), moved.length);
    Files.write(path(), changed);
    assertThat(outcome()).contains("entry 0, it says that it is entry 1");
  }

  @Test
  void aFileThatACrashLeftUnbegunIsBegunAgain() throws IOException {
    for (int size = 0; size < EntryFile.BEGIN; size++) {
      file.close();
      Files.write(path(), Arrays.copyOf(whole, size));
      file = EntryFile.open(data);
      assertThat(Files.readAllBytes(path())).isEqualTo(Arrays.copyOf(whole, EntryFile.BEGIN));
    }
  }

  @Test
  void whatIsNoLedgerIsRefused() throws IOException {
    for (int at = 0; at < EntryFile.BEGIN; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      Files.write(path(), flipped);
      assertThat(EntryFile.isSound(data)).isFalse();
      assertThatThrownBy(() -> EntryFile.open(data))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("entries.log is damaged in its first 16 bytes");
    }
  }
}
