package blackhole.events.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SegmentLogTest {
  private static final long LARGE = 1 << 20;
  private static final long FOREVER = Long.MAX_VALUE;

  @TempDir Path directory;
  private long now = 1_000_000;

  private SegmentLog open(long segmentBytes) throws IOException {
    return SegmentLog.open(directory, segmentBytes, false, () -> now);
  }

  private static byte[] body(long number) {
    return ("event " + number + " " + "x".repeat((int) (number % 7) * 5)).getBytes(UTF_8);
  }

  private static long append(SegmentLog log, String text) throws IOException {
    return log.append(List.of(text.getBytes(UTF_8)));
  }

  private static void fill(SegmentLog log, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      long position = log.next();
      assertThat(log.append(List.of(body(position)))).isEqualTo(position);
    }
  }

  /** All that can be read from a position on. */
  private static Map<Long, String> read(SegmentLog log, long from) throws IOException {
    Map<Long, String> found = new TreeMap<>();
    try (LogReader reader = log.reader()) {
      for (LogRecord next = reader.next(from);
          next != null;
          next = reader.next(next.position() + 1)) {
        found.put(next.position(), new String(next.body(), UTF_8));
      }
    }
    return found;
  }

  private static Map<Long, String> bodies(long first, long last) {
    Map<Long, String> expected = new TreeMap<>();
    for (long i = first; i <= last; i++) {
      expected.put(i, new String(body(i), UTF_8));
    }
    return expected;
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".events")).sorted().toList();
    }
  }

  @Test
  void keepsWhatIsAppendedOverARestart() throws IOException {
    try (SegmentLog log = open(LARGE)) {
      assertThat(log.append(List.of(body(1), body(2), body(3)))).isEqualTo(1);
      assertThat(read(log, 1)).isEqualTo(bodies(1, 3));
      assertThat(read(log, 3)).isEqualTo(bodies(3, 3));
      assertThat(read(log, 4)).isEmpty();
    }
    try (SegmentLog log = open(LARGE)) {
      assertThat(log.next()).isEqualTo(4);
      fill(log, 2);
      assertThat(read(log, 1)).isEqualTo(bodies(1, 5));
    }
  }

  @Test
  void keepsRecordsThatAreLargerThanAnyBuffer() throws IOException {
    String large = "y".repeat(700_000);
    try (SegmentLog log = open(64 << 10)) {
      append(log, "small");
      append(log, large);
      append(log, "");
      assertThat(read(log, 1).values()).containsExactly("small", large, "");
    }
    try (SegmentLog log = open(64 << 10)) {
      assertThat(read(log, 1).values()).containsExactly("small", large, "");
    }
  }

  @Test
  void goesOnInOneFileAfterTheOther() throws IOException {
    try (SegmentLog log = open(200)) {
      fill(log, 50);
      assertThat(log.segments()).isGreaterThan(5);
      for (long from = 1; from <= 51; from++) {
        assertThat(read(log, from)).isEqualTo(bodies(from, 50));
      }
    }
    try (SegmentLog log = open(200)) {
      assertThat(log.next()).isEqualTo(51);
      assertThat(read(log, 1)).isEqualTo(bodies(1, 50));
    }
  }

  @Test
  void readsOnWhereItWas() throws IOException {
    try (SegmentLog log = open(200);
        LogReader reader = log.reader()) {
      assertThat(reader.next(1)).isNull();
      fill(log, 3);
      assertThat(reader.next(1).position()).isEqualTo(1);
      assertThat(reader.next(2).position()).isEqualTo(2);
      reader.close();
      assertThat(reader.next(3).position()).isEqualTo(3);
      assertThat(reader.next(4)).isNull();
      fill(log, 20);
      assertThat(reader.next(4).position()).isEqualTo(4);
      assertThat(reader.next(20).position()).isEqualTo(20);
      assertThat(reader.next(2).position()).isEqualTo(2);
    }
  }

  /** Whatever was cut off, all records before the cut are there, and the log goes on. */
  @Test
  void recoversFromACutAtEveryByteOfItsEnd() throws IOException {
    List<Long> ends = new ArrayList<>();
    try (SegmentLog log = open(LARGE)) {
      for (int i = 0; i < 6; i++) {
        fill(log, 1);
        ends.add(log.bytes());
      }
    }
    byte[] whole = Files.readAllBytes(segments().get(0));
    for (int cut = 0; cut <= whole.length; cut++) {
      Files.write(segments().get(0), Arrays.copyOf(whole, cut));
      int kept = whole(ends, cut);
      try (SegmentLog log = open(LARGE)) {
        assertThat(read(log, 1)).as("cut at %d", cut).isEqualTo(bodies(1, kept));
        assertThat(log.damage()).isEmpty();
        long next = append(log, "next");
        assertThat(next).isGreaterThan(kept);
        assertThat(read(log, kept + 1)).isEqualTo(Map.of(next, "next"));
      }
      try (SegmentLog log = open(LARGE)) {
        assertThat(read(log, 1)).hasSize(kept + 1);
      }
    }
  }

  private static int whole(List<Long> ends, long cut) {
    return (int) ends.stream().filter(end -> end <= cut).count();
  }

  /** As a failure of power leaves it: the length is there, and the bytes are not. */
  @Test
  void recoversFromATailOfZeroesOrOfGarbage() throws IOException {
    try (SegmentLog log = open(LARGE)) {
      fill(log, 3);
    }
    for (byte filling : new byte[] {0, -1, 1}) {
      byte[] tail = new byte[300];
      Arrays.fill(tail, filling);
      Files.write(segments().get(0), tail, StandardOpenOption.APPEND);
      try (SegmentLog log = open(LARGE)) {
        assertThat(read(log, 1)).isEqualTo(bodies(1, 3));
        assertThat(log.next()).isGreaterThan(4);
      }
    }
  }

  /** A flipped bit costs the record that it is in, and is named, unless nothing follows it. */
  @Test
  void leavesOutWhatIsDamagedAndKeepsTheRest() throws IOException {
    List<Long> ends = new ArrayList<>();
    try (SegmentLog log = open(LARGE)) {
      for (int i = 0; i < 4; i++) {
        fill(log, 1);
        ends.add(log.bytes());
      }
    }
    Path file = segments().get(0);
    byte[] whole = Files.readAllBytes(file);
    for (int at = Segment.HEADER_BYTES; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << (at % 8));
      Files.write(file, flipped);
      long hit = whole(ends, at) + 1;
      try (SegmentLog log = open(LARGE)) {
        Map<Long, String> expected = bodies(1, 4);
        expected.remove(hit);
        assertThat(read(log, 1)).as("flipped at %d", at).isEqualTo(expected);
        assertThat(log.damage()).hasSize(hit == 4 ? 0 : 1);
        assertThat(log.next()).isGreaterThan(4);
      }
    }
  }

  @Test
  void findsDamageInAnOldSegmentWhenItIsRead() throws IOException {
    try (SegmentLog log = open(100)) {
      fill(log, 30);
    }
    Path old = segments().get(1);
    byte[] bytes = Files.readAllBytes(old);
    bytes[bytes.length - 1] ^= 4;
    Files.write(old, bytes);
    try (SegmentLog log = open(100)) {
      assertThat(log.damage()).isEmpty();
      assertThat(read(log, 1)).hasSize(29);
      assertThat(log.damage())
          .singleElement()
          .asString()
          .startsWith(old.getFileName() + " at byte ");
    }
  }

  @Test
  void survivesTheEndOfTheProcessWhileItMakesAFile() throws IOException {
    try (SegmentLog log = open(100)) {
      fill(log, 10);
    }
    for (int header = 0; header < Segment.HEADER_BYTES; header++) {
      Path made = directory.resolve(Segment.name(11));
      Files.write(made, Arrays.copyOf(Segment.header().array(), header));
      try (SegmentLog log = open(100)) {
        assertThat(read(log, 1)).isEqualTo(bodies(1, 10));
        assertThat(log.next()).isGreaterThanOrEqualTo(11);
      }
      Files.delete(made);
    }
  }

  @Test
  void deletesTheOldestWhenItIsTooLarge() throws IOException {
    try (SegmentLog log = open(200)) {
      fill(log, 60);
      long half = log.bytes() / 2;
      assertThat(log.retain(half, FOREVER)).isPositive();
      assertThat(log.bytes()).isLessThanOrEqualTo(half);
      long first = log.first();
      assertThat(first).isGreaterThan(1);
      // of what is asked for, what is left
      assertThat(read(log, 1)).isEqualTo(bodies(first, 60));
      assertThat(log.retain(half, FOREVER)).isZero();
    }
    try (SegmentLog log = open(200)) {
      assertThat(log.next()).isEqualTo(61);
      assertThat(log.retain(0, FOREVER)).isPositive();
      assertThat(log.segments()).isEqualTo(1);
      assertThat(log.next()).isEqualTo(61);
    }
  }

  @Test
  void deletesWhatIsTooOld() throws IOException {
    try (SegmentLog log = open(LARGE)) {
      fill(log, 2);
      now += 500;
      assertThat(log.retain(LARGE, 8_000)).isZero();
      fill(log, 1);
      assertThat(log.segments()).isEqualTo(1);
      now += 600;
      // its first record is an eighth of the age old
      assertThat(log.retain(LARGE, 8_000)).isZero();
      assertThat(log.segments()).isEqualTo(2);
      fill(log, 1);
      now += 7_500;
      assertThat(log.retain(LARGE, 8_000)).isEqualTo(1);
      assertThat(read(log, 1)).isEqualTo(bodies(4, 4));
      now += 10_000;
      assertThat(log.retain(LARGE, 8_000)).isEqualTo(1);
      assertThat(read(log, 1)).isEmpty();
      assertThat(log.first()).isEqualTo(5);
    }
    try (SegmentLog log = open(LARGE)) {
      assertThat(log.next()).isEqualTo(5);
    }
  }

  @Test
  void goesOnReadingWhatIsDeletedMeanwhile() throws IOException {
    try (SegmentLog log = open(300);
        LogReader reader = log.reader()) {
      fill(log, 60);
      assertThat(reader.next(1).position()).isEqualTo(1);
      log.retain(0, FOREVER);
      // the file that was open to its end, then what is kept
      assertThat(reader.next(2).position()).isEqualTo(2);
      reader.close();
      assertThat(reader.next(3).position()).isEqualTo(log.first());
    }
  }

  @Test
  void isOneProcessesAtATime() throws IOException {
    try (SegmentLog log = open(LARGE)) {
      fill(log, 1);
      assertThatThrownBy(() -> open(LARGE))
          .isInstanceOf(IOException.class)
          .hasMessage("another process has " + directory);
    }
    open(LARGE).close();
  }

  @Test
  void leavesWhatANewerVersionWrote() throws IOException {
    byte[] header = Segment.header().array();
    header[Segment.HEADER_BYTES - 1]++;
    Files.write(directory.resolve(Segment.name(1)), header);
    assertThatThrownBy(() -> open(LARGE)).hasMessageContaining("was written by a newer version");
    assertThat(segments()).hasSize(1);
  }

  @Test
  void takesAnythingElseInItsDirectoryForNothing() throws IOException {
    Files.writeString(directory.resolve("notes.txt"), "of somebody");
    try (SegmentLog log = open(LARGE)) {
      fill(log, 1);
      assertThat(read(log, 1)).hasSize(1);
    }
  }
}
