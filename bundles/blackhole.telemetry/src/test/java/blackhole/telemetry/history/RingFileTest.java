package blackhole.telemetry.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingFileTest {
  private static final Shape SHAPE = new Shape(1000, 10, 3);

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("a-1.ring");
  }

  private static void put(RingFile ring, long second, double value) throws IOException {
    assertThat(ring.put(second * 1000, Map.of("x", value))).isEmpty();
  }

  private static List<Double> values(RingFile ring, long from, long to) throws IOException {
    List<Double> values = new ArrayList<>();
    for (long turn = from; turn < to; turn++) {
      ring.get(turn).ifPresent(sample -> values.add(sample.metrics().get("x")));
    }
    return values;
  }

  @Test
  void keepsTheLastRoundInTheSameSpace() throws IOException {
    try (RingFile ring = RingFile.create(file(), SHAPE)) {
      long size = Files.size(file());
      for (int second = 0; second < 25; second++) {
        put(ring, second, second);
      }
      assertThat(values(ring, 0, 40))
          .containsExactly(15.0, 16.0, 17.0, 18.0, 19.0, 20.0, 21.0, 22.0, 23.0, 24.0);
      assertThat(Files.size(file())).isEqualTo(size).isEqualTo(RingFile.size(SHAPE));
    }
  }

  @Test
  void hasNoSampleOfAnIntervalThatWasLeftOut() throws IOException {
    try (RingFile ring = RingFile.create(file(), SHAPE)) {
      put(ring, 3, 1);
      put(ring, 15, 2);
      assertThat(ring.get(13)).isEmpty();
      assertThat(values(ring, 0, 20)).containsExactly(1.0, 2.0);
      assertThat(ring.hasSince(15_000)).isTrue();
      assertThat(ring.hasSince(15_001)).isFalse();
    }
  }

  @Test
  void findsAllAgainWhenItIsOpened() throws IOException {
    try (RingFile ring = RingFile.create(file(), SHAPE)) {
      ring.put(5000, Map.of("x", 1.5, "y", 2.5));
    }
    try (RingFile ring = RingFile.open(file())) {
      assertThat(ring.shape()).isEqualTo(SHAPE);
      assertThat(ring.metrics()).containsExactly("x", "y");
      assertThat(ring.get(5)).contains(new Sample(5000, Map.of("x", 1.5, "y", 2.5)));
      assertThat(ring.get(5, List.of("y"))).contains(new Sample(5000, Map.of("y", 2.5)));
      assertThat(ring.put(6000, Map.of("z", 3.0, "y", 4.0))).isEmpty();
      assertThat(ring.get(6)).contains(new Sample(6000, Map.of("z", 3.0, "y", 4.0)));
    }
  }

  @Test
  void refusesNamesThatItHasNoRoomFor() throws IOException {
    try (RingFile ring = RingFile.create(file(), SHAPE)) {
      assertThat(ring.put(0, Map.of("a", 1.0, "b", 1.0, "c", 1.0, "d", 1.0))).containsExactly("d");
      assertThat(ring.put(0, Map.of("n".repeat(60), 1.0))).hasSize(1);
      assertThat(ring.put(1000, Map.of("c", 7.0))).isEmpty();
      assertThat(ring.get(1)).contains(new Sample(1000, Map.of("c", 7.0)));
    }
  }

  /** As a kill within a write leaves it, for each number of bytes that got through. */
  @Test
  void aSampleThatWasCutOffIsNone() throws IOException {
    int bytes = Slot.bytes(SHAPE.columns());
    for (int written = 0; written < bytes; written++) {
      try (RingFile ring = RingFile.create(file(), SHAPE)) {
        put(ring, 4, 4);
        put(ring, 5, 5);
        put(ring, 6, 6);
        put(ring, 15, 15);
      }
      ByteBuffer whole;
      try (FileChannel channel =
          FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        long at = Files.size(file()) - (long) 5 * bytes;
        whole = new Slot(25_000, new double[] {25, 1.1, 2.2}).encode().limit(written);
        RingFile.write(channel, at, whole);
      }
      try (RingFile ring = RingFile.open(file())) {
        assertThat(values(ring, 0, 10)).as("%s bytes", written).containsExactly(4.0, 6.0);
        assertThat(values(ring, 10, 20)).hasSizeLessThanOrEqualTo(1);
        assertThat(values(ring, 20, 30)).isEmpty();
        put(ring, 25, 25);
        assertThat(values(ring, 20, 30)).containsExactly(25.0);
      }
    }
  }

  /** No byte that flips makes a sample of what was none, or another value of one. */
  @Test
  void neverSaysWhatWasNotStored() throws IOException {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      try (RingFile ring = RingFile.create(file(), SHAPE)) {
        for (int second = 0; second < 10; second++) {
          put(ring, second, second);
        }
      }
      try (FileChannel channel =
          FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        long at = random.nextLong(Files.size(file()));
        ByteBuffer one = RingFile.read(channel, at, 1);
        one.put(0, (byte) (one.get(0) ^ (1 << random.nextInt(8))));
        RingFile.write(channel, at, one);
      }
      try (RingFile ring = RingFile.open(file())) {
        for (long turn = 0; turn < 10; turn++) {
          Double value = ring.get(turn).map(sample -> sample.metrics().get("x")).orElse(null);
          assertThat(value).isIn(null, (double) turn);
        }
      } catch (RingFile.DamagedException e) {
        // its head: nothing is said at all
      }
    }
  }

  @Test
  void refusesAFileThatIsNone() throws IOException {
    Files.write(file(), new byte[10_000]);
    assertThatThrownBy(() -> RingFile.open(file()))
        .isInstanceOf(RingFile.DamagedException.class)
        .hasMessageContaining(file().toString());
  }
}
