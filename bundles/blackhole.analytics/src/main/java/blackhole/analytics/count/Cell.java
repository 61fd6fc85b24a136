package blackhole.analytics.count;

import java.nio.ByteBuffer;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.memory.Memory;

/**
 * The counts of one cell: exact numbers, and sketches of a bounded size, some 9 KB at most, and the
 * most frequent texts. For one thread at a time.
 */
public final class Cell {
  /** 2048 registers: a standard error of 2.3 %, in 1 KB. */
  static final int LOG_K = 11;

  /** A normalized rank error of 1.33 % with 99 % confidence, in 5 KB at most. */
  static final int K = 200;

  private static final byte FORMAT = 1;

  private long count;
  private long bytes;
  private final HllSketch sources;
  private final HllSketch subjects;
  private final KllDoublesSketch sizes;
  private final KllDoublesSketch values;
  private final Frequent frequentSources;
  private final Frequent frequentSubjects;

  public Cell() {
    this(
        0,
        0,
        new HllSketch(LOG_K, TgtHllType.HLL_4),
        new HllSketch(LOG_K, TgtHllType.HLL_4),
        KllDoublesSketch.newHeapInstance(K),
        KllDoublesSketch.newHeapInstance(K),
        new Frequent(),
        new Frequent());
  }

  private Cell(
      long count,
      long bytes,
      HllSketch sources,
      HllSketch subjects,
      KllDoublesSketch sizes,
      KllDoublesSketch values,
      Frequent frequentSources,
      Frequent frequentSubjects) {
    this.count = count;
    this.bytes = bytes;
    this.sources = sources;
    this.subjects = subjects;
    this.sizes = sizes;
    this.values = values;
    this.frequentSources = frequentSources;
    this.frequentSubjects = frequentSubjects;
  }

  public void add(Observation event) {
    count++;
    bytes += event.bytes();
    sources.update(event.source());
    frequentSources.add(event.source());
    event.subject().ifPresent(subjects::update);
    event.subject().ifPresent(frequentSubjects::add);
    sizes.update(event.bytes());
    event.value().ifPresent(values::update);
  }

  long count() {
    return count;
  }

  long bytes() {
    return bytes;
  }

  HllSketch sources() {
    return sources;
  }

  HllSketch subjects() {
    return subjects;
  }

  KllDoublesSketch sizes() {
    return sizes;
  }

  KllDoublesSketch values() {
    return values;
  }

  Frequent frequentSources() {
    return frequentSources;
  }

  Frequent frequentSubjects() {
    return frequentSubjects;
  }

  /** As it is stored. */
  public byte[] encode() {
    byte[][] sketches = {
      sources.isEmpty() ? new byte[0] : sources.toCompactByteArray(),
      subjects.isEmpty() ? new byte[0] : subjects.toCompactByteArray(),
      sizes.isEmpty() ? new byte[0] : sizes.toByteArray(),
      values.isEmpty() ? new byte[0] : values.toByteArray(),
      frequentSources.encode(),
      frequentSubjects.encode()
    };
    int length = 1 + 2 * Long.BYTES;
    for (byte[] sketch : sketches) {
      length += Integer.BYTES + sketch.length;
    }
    ByteBuffer encoded = ByteBuffer.allocate(length);
    encoded.put(FORMAT).putLong(count).putLong(bytes);
    for (byte[] sketch : sketches) {
      encoded.putInt(sketch.length).put(sketch);
    }
    return encoded.array();
  }

  /**
   * What {@link #encode} made.
   *
   * @throws IllegalArgumentException for bytes that are none, or of a later version
   */
  public static Cell decode(byte[] encoded) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(encoded);
      if (bytes.get() != FORMAT) {
        throw new IllegalArgumentException("counts of another version");
      }
      return new Cell(
          bytes.getLong(),
          bytes.getLong(),
          hll(bytes),
          hll(bytes),
          kll(bytes),
          kll(bytes),
          frequent(bytes),
          frequent(bytes));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("counts that cannot be read: " + e.getMessage(), e);
    }
  }

  private static HllSketch hll(ByteBuffer bytes) {
    byte[] sketch = next(bytes);
    return sketch.length == 0 ? new HllSketch(LOG_K, TgtHllType.HLL_4) : HllSketch.heapify(sketch);
  }

  private static KllDoublesSketch kll(ByteBuffer bytes) {
    byte[] sketch = next(bytes);
    return sketch.length == 0
        ? KllDoublesSketch.newHeapInstance(K)
        : KllDoublesSketch.heapify(Memory.wrap(sketch));
  }

  /** Counts of before have none; and who knows none reads no further than he knows. */
  private static Frequent frequent(ByteBuffer bytes) {
    return bytes.hasRemaining() ? Frequent.decode(next(bytes)) : new Frequent();
  }

  private static byte[] next(ByteBuffer bytes) {
    byte[] sketch = new byte[bytes.getInt()];
    bytes.get(sketch);
    return sketch;
  }
}
