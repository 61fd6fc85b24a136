package blackhole.events.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An append-only log of records in segments, in a directory that one process has at a time. One
 * thread appends and retains; any number of readers read what is durable.
 */
public final class SegmentLog implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SegmentLog.class.getName());
  private static final int BUFFER_BYTES = 256 << 10;

  private final Path directory;
  private final long segmentBytes;
  private final boolean sync;
  private final LongSupplier wallMillis;
  private final FileChannel lock;
  private final ConcurrentSkipListMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
  private final Set<String> damaged = ConcurrentHashMap.newKeySet();

  // of the thread that appends
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private FileChannel tail;
  private boolean mustTakeBack;
  private long next;

  /**
   * Opens the log, and recovers what was written last.
   *
   * @param segmentBytes a segment that has so many is followed by another
   * @param sync whether what is appended is on disk when {@link #append} returns; else it is with
   *     the operating system, which survives this process but not a failure of power
   * @param wallMillis Unix milliseconds
   * @throws IOException saying what is wrong with it
   */
  public static SegmentLog open(
      Path directory, long segmentBytes, boolean sync, LongSupplier wallMillis) throws IOException {
    Files.createDirectories(directory);
    FileChannel lock = lock(directory.resolve("lock"));
    try {
      return new SegmentLog(directory, segmentBytes, sync, wallMillis, lock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock held = channel.tryLock();
      if (held != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // held within this process
    }
    channel.close();
    throw new IOException("another process has " + file.getParent());
  }

  private SegmentLog(
      Path directory, long segmentBytes, boolean sync, LongSupplier wallMillis, FileChannel lock)
      throws IOException {
    this.directory = directory;
    this.segmentBytes = segmentBytes;
    this.sync = sync;
    this.wallMillis = wallMillis;
    this.lock = lock;
    for (Path file : files()) {
      Segment.base(file).ifPresent(base -> segments.put(base, new Segment(file, base, 0)));
    }
    if (segments.isEmpty()) {
      next = 1;
      tail = create();
    } else {
      tail = recover();
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private FileChannel recover() throws IOException {
    Segment active = active();
    for (Segment sealed : segments.headMap(active.base()).values()) {
      checkVersion(sealed);
      sealed.readableTo(Files.size(sealed.file()));
      // as good as the time in its last record, for retention
      sealed.stored(Files.getLastModifiedTime(sealed.file()).toMillis());
    }
    checkVersion(active);
    FileChannel channel =
        FileChannel.open(active.file(), StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      next = new Recovery(active, channel, sync, this::damaged).run();
      channel.position(active.readableEnd());
      return channel;
    } catch (IOException e) {
      channel.close();
      throw new IOException("cannot recover " + active.file() + ": " + e.getMessage(), e);
    }
  }

  private static void checkVersion(Segment segment) throws IOException {
    byte[] header;
    try (var in = Files.newInputStream(segment.file())) {
      header = in.readNBytes(Segment.HEADER_BYTES);
    }
    if (Segment.isNewer(header)) {
      throw new IOException(segment.file() + " was written by a newer version");
    }
  }

  private Segment active() {
    return segments.lastEntry().getValue();
  }

  /** A new last segment, which is there for good before anything is written to it. */
  private FileChannel create() throws IOException {
    Path file = directory.resolve(Segment.name(next));
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      ByteBuffer header = Segment.header();
      while (header.hasRemaining()) {
        channel.write(header);
      }
      force(channel);
      syncDirectory();
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    segments.put(next, new Segment(file, next, Segment.HEADER_BYTES));
    return channel;
  }

  private void force(FileChannel channel) throws IOException {
    if (sync) {
      channel.force(false);
    }
  }

  private void syncDirectory() throws IOException {
    if (sync) {
      try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
        folder.force(true);
      }
    }
  }

  /**
   * Appends records, with one sync for all of them.
   *
   * @return the position of the first; the others follow
   * @throws IOException if not all of them are durable now; then none is kept
   */
  public long append(List<byte[]> bodies) throws IOException {
    takeBack();
    if (active().readableEnd() >= segmentBytes) {
      roll();
    }
    Segment active = active();
    long first = next;
    long now = wallMillis.getAsLong();
    mustTakeBack = true;
    long end = active.readableEnd();
    for (int i = 0; i < bodies.size(); i++) {
      LogRecord written = new LogRecord(first + i, now, bodies.get(i));
      write(written);
      end += Frame.size(written);
    }
    flush();
    force(tail);
    mustTakeBack = false;
    next = first + bodies.size();
    active.stored(now);
    active.readableTo(end);
    return first;
  }

  /** What a failed append has left, which is in no reader's reach, goes before anything follows. */
  private void takeBack() throws IOException {
    if (mustTakeBack) {
      buffer.clear();
      long end = active().readableEnd();
      tail.truncate(end);
      tail.position(end);
      force(tail);
      mustTakeBack = false;
    }
  }

  private void write(LogRecord written) throws IOException {
    if (buffer.remaining() < Frame.HEADER_BYTES) {
      flush();
    }
    Frame.putHeader(buffer, written);
    byte[] body = written.body();
    for (int done = 0; done < body.length; ) {
      if (!buffer.hasRemaining()) {
        flush();
      }
      int part = Math.min(buffer.remaining(), body.length - done);
      buffer.put(body, done, part);
      done += part;
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      tail.write(buffer);
    }
    buffer.clear();
  }

  private void roll() throws IOException {
    FileChannel full = tail;
    tail = create();
    full.close();
  }

  /**
   * Deletes the oldest segments while the log is larger than that, and those whose records are all
   * older than that. The last segment is never deleted, but followed by another when it is due.
   *
   * @param maxAgeMillis of a record; it goes when its segment does, up to an eighth later
   * @return how many were deleted
   */
  public int retain(long maxBytes, long maxAgeMillis) throws IOException {
    takeBack();
    long now = wallMillis.getAsLong();
    Segment active = active();
    if (!active.isEmpty() && now - active.oldestMillis() > maxAgeMillis / 8) {
      roll();
    }
    int deleted = 0;
    Segment oldest = segments.firstEntry().getValue();
    while (oldest != active()
        && (bytes() > maxBytes || now - oldest.newestMillis() > maxAgeMillis)) {
      segments.remove(oldest.base());
      Files.deleteIfExists(oldest.file());
      String name = oldest.file().getFileName().toString();
      damaged.removeIf(place -> place.startsWith(name));
      deleted++;
      oldest = segments.firstEntry().getValue();
    }
    return deleted;
  }

  /** The position that the next record gets. For the thread that appends. */
  public long next() {
    return next;
  }

  /** No record before this position is kept. Any thread. */
  public long first() {
    return segments.firstEntry().getValue().base();
  }

  /** Of all segments. Any thread. */
  public long bytes() {
    return segments.values().stream().mapToLong(Segment::readableEnd).sum();
  }

  /** Any thread. */
  public int segments() {
    return segments.size();
  }

  /** The places that were found damaged, by file and offset. Any thread. */
  public List<String> damage() {
    return damaged.stream().sorted().toList();
  }

  void damaged(Segment segment, long offset) {
    String place = segment.file().getFileName() + " at byte " + offset;
    if (damaged.add(place)) {
      LOG.log(Level.ERROR, "{0}/{1} is damaged; what is there is left out", directory, place);
    }
  }

  /** The segment that has this position, or the first if it is not kept any more. */
  Segment holding(long position) {
    Map.Entry<Long, Segment> found = segments.floorEntry(position);
    return found == null ? segments.firstEntry().getValue() : found.getValue();
  }

  @Nullable Segment after(long base) {
    Map.Entry<Long, Segment> found = segments.higherEntry(base);
    return found == null ? null : found.getValue();
  }

  /** A reader of its own for each who reads. */
  public LogReader reader() {
    return new LogReader(this);
  }

  @Override
  public void close() throws IOException {
    try {
      takeBack();
    } finally {
      tail.close();
      lock.close();
    }
  }
}
