package blackhole.analytics.count;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.datasketches.common.ArrayOfStringsSerDe;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;
import org.apache.datasketches.memory.Memory;

/**
 * The most frequent ones of any number of texts, in a bounded space. Up to 96 different ones are
 * counted exactly; beyond that the rare ones go, and a count may be too large by 2.8 % of all. For
 * one thread at a time.
 */
final class Frequent {
  /** Of which three quarters are used. */
  private static final int MAP_SIZE = 128;

  /** Longer ones are left out: 96 of them would be as large as somebody likes. */
  private static final int MAX_LENGTH = 200;

  private static final ArrayOfStringsSerDe TEXTS = new ArrayOfStringsSerDe();

  private static final Comparator<Ranked> ORDER =
      Comparator.comparingLong(Ranked::count).reversed().thenComparing(Ranked::name);

  private final ItemsSketch<String> sketch;

  Frequent() {
    this(new ItemsSketch<>(MAP_SIZE));
  }

  private Frequent(ItemsSketch<String> sketch) {
    this.sketch = sketch;
  }

  void add(String text) {
    if (text.length() <= MAX_LENGTH) {
      sketch.update(text);
    }
  }

  /** As if all that the other was told had been told to this one. */
  void merge(Frequent other) {
    sketch.merge(other.sketch);
  }

  /** The most frequent first; of equal ones in the order of their names. */
  List<Ranked> top(int limit) {
    return Stream.of(sketch.getFrequentItems(ErrorType.NO_FALSE_NEGATIVES))
        .map(
            row ->
                new Ranked(
                    row.getItem(), row.getUpperBound(), row.getUpperBound() - row.getLowerBound()))
        .sorted(ORDER)
        .limit(limit)
        .toList();
  }

  /** As it is stored; nothing where it was told nothing. */
  byte[] encode() {
    return sketch.isEmpty() ? new byte[0] : sketch.toByteArray(TEXTS);
  }

  /** What {@link #encode} made. */
  static Frequent decode(byte[] encoded) {
    return encoded.length == 0
        ? new Frequent()
        : new Frequent(ItemsSketch.getInstance(Memory.wrap(encoded), TEXTS));
  }
}
