package blackhole.telemetry.history;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * The samples of one instance in a file that is as large on its first day as on any other. Where a
 * sample stands follows from its time, so nothing has to be found again after a crash, and one of
 * the next round takes the place of one of this. Samples are with the operating system when they
 * are written: they outlive the process, and the last ones may not outlive a failure of power.
 *
 * <p>Written by one thread at a time, read by any.
 */
final class RingFile implements AutoCloseable {
  private static final long MAGIC = 0x4248_5249_4e47_3031L; // BHRING01
  private static final int HEAD_BYTES = 64;
  private static final int HEAD_USED_BYTES = 24;

  /** What is wrong with a file's first bytes. */
  static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(Path file) {
      super(file + " does not begin as a file of samples does");
    }
  }

  private final FileChannel channel;
  private final Shape shape;
  private final Columns columns;

  private RingFile(FileChannel channel, Shape shape) throws IOException {
    this.channel = channel;
    this.shape = shape;
    this.columns = Columns.read(channel, HEAD_BYTES, shape.columns());
  }

  /** Makes one, whole or not at all, in the place of one that may be there. */
  static RingFile create(Path file, Shape shape) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    FileChannel channel =
        FileChannel.open(
            fresh,
            Set.of(
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE));
    try {
      write(channel, size(shape) - 1, ByteBuffer.allocate(1));
      write(channel, 0, head(shape));
      channel.force(true);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return new RingFile(channel, shape);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * @throws DamagedException if its first bytes are not those of such a file
   */
  static RingFile open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      return new RingFile(channel, shape(file, channel));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Shape shape(Path file, FileChannel channel) throws IOException {
    if (channel.size() < HEAD_BYTES) {
      throw new DamagedException(file);
    }
    ByteBuffer head = read(channel, 0, HEAD_BYTES);
    if (head.getLong(0) != MAGIC || head.getInt(HEAD_USED_BYTES) != checksum(head)) {
      throw new DamagedException(file);
    }
    Shape shape = new Shape(head.getLong(8), head.getInt(16), head.getInt(20));
    if (channel.size() < size(shape)) {
      throw new DamagedException(file);
    }
    return shape;
  }

  private static ByteBuffer head(Shape shape) {
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    head.putLong(MAGIC).putLong(shape.intervalMillis()).putInt(shape.slots());
    head.putInt(shape.columns());
    return head.putInt(HEAD_USED_BYTES, checksum(head)).rewind();
  }

  private static int checksum(ByteBuffer head) {
    CRC32C checksum = new CRC32C();
    checksum.update(head.array(), 0, HEAD_USED_BYTES);
    return (int) checksum.getValue();
  }

  /** Bytes of a file of this shape. */
  static long size(Shape shape) {
    return slots(shape) + (long) shape.slots() * Slot.bytes(shape.columns());
  }

  private static long slots(Shape shape) {
    return HEAD_BYTES + (long) Columns.bytes(shape.columns());
  }

  Shape shape() {
    return shape;
  }

  /** The metrics that it has, by name. */
  Set<String> metrics() {
    return new TreeSet<>(columns.all().keySet());
  }

  /** Returns the names that there was no room for. */
  List<String> put(long timeMillis, Map<String, Double> metrics) throws IOException {
    List<String> refused = columns.add(new TreeSet<>(metrics.keySet()));
    Map<String, Integer> known = columns.all();
    double[] values = new double[shape.columns()];
    Arrays.fill(values, Double.NaN);
    metrics.forEach(
        (name, value) -> {
          Integer column = known.get(name);
          if (column != null) {
            values[column] = value;
          }
        });
    write(channel, offset(shape.turn(timeMillis)), new Slot(timeMillis, values).encode());
    return refused;
  }

  /** The sample of this interval since the epoch; empty if there is none, or not any more. */
  Optional<Sample> get(long turn) throws IOException {
    return slot(turn).map(slot -> sample(slot, columns.all()));
  }

  /** The same with these metrics alone. */
  Optional<Sample> get(long turn, Collection<String> metrics) throws IOException {
    Map<String, Integer> wanted = new HashMap<>(columns.all());
    wanted.keySet().retainAll(metrics);
    return slot(turn).map(slot -> sample(slot, wanted));
  }

  private Optional<Slot> slot(long turn) throws IOException {
    return stored(turn).filter(slot -> shape.turn(slot.timeMillis()) == turn);
  }

  /** What stands in the place of this turn, of whatever round. */
  private Optional<Slot> stored(long turn) throws IOException {
    return Slot.decode(read(channel, offset(turn), Slot.bytes(shape.columns())), shape.columns());
  }

  private static Sample sample(Slot slot, Map<String, Integer> columns) {
    Map<String, Double> values = new HashMap<>();
    columns.forEach(
        (name, column) -> {
          double value = slot.values()[column];
          if (!Double.isNaN(value)) {
            values.put(name, value);
          }
        });
    return new Sample(slot.timeMillis(), values);
  }

  /** Whether there is a sample of at least this time. */
  boolean hasSince(long timeMillis) throws IOException {
    for (int i = 0; i < shape.slots(); i++) {
      Optional<Slot> slot = stored(i);
      if (slot.isPresent() && slot.get().timeMillis() >= timeMillis) {
        return true;
      }
    }
    return false;
  }

  /** What this one has and the other's shape has room for. */
  void copyTo(RingFile other) throws IOException {
    for (int i = 0; i < shape.slots(); i++) {
      Optional<Slot> slot = stored(i);
      if (slot.isPresent()) {
        Sample sample = sample(slot.get(), columns.all());
        if (other.isNewer(sample.timeMillis())) {
          other.put(sample.timeMillis(), sample.metrics());
        }
      }
    }
  }

  /** Whether what stands in the place of a sample of this time is older, or nothing. */
  private boolean isNewer(long timeMillis) throws IOException {
    return stored(shape.turn(timeMillis)).map(slot -> slot.timeMillis() < timeMillis).orElse(true);
  }

  private long offset(long turn) {
    return slots(shape) + (long) shape.slot(turn) * Slot.bytes(shape.columns());
  }

  static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new EOFException("a file of samples is shorter than it was");
      }
    }
    return bytes.rewind();
  }

  static void write(FileChannel channel, long position, ByteBuffer bytes) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
