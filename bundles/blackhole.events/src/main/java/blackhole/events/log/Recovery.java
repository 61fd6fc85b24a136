package blackhole.events.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.BiConsumer;

/**
 * Looks through the segment that was written last. What does not begin a whole record is a torn
 * tail when no whole record follows it, and is cut off: nobody was told that it is stored. Else it
 * is damage, and stays, so that what follows it stays too.
 */
final class Recovery {
  private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

  private final Segment segment;
  private final FileChannel channel;
  private final boolean sync;
  private final BiConsumer<Segment, Long> onDamage;

  /**
   * @param sync whether what is left is to be on disk
   * @param onDamage hears of each damaged place
   */
  Recovery(Segment segment, FileChannel channel, boolean sync, BiConsumer<Segment, Long> onDamage) {
    this.segment = segment;
    this.channel = channel;
    this.sync = sync;
    this.onDamage = onDamage;
  }

  /**
   * Makes the segment fit to be appended to, and durable up to its end if it is to be.
   *
   * @return the next position; it is beyond any that a record in the torn tail can have had, so
   *     that no position is given twice even where that tail had been seen
   */
  long run() throws IOException {
    long end = channel.size();
    FrameReader reader = new FrameReader(channel);
    long last = segment.base() - 1;
    long offset = Segment.HEADER_BYTES;
    while (offset < end) {
      LogRecord found = reader.read(offset, end, last);
      if (found == null) {
        long next = reader.find(offset + 1, end, last);
        if (next < 0) {
          break;
        }
        onDamage.accept(segment, offset);
        offset = next;
      } else {
        last = found.position();
        segment.stored(found.storedAtMillis());
        offset += Frame.size(found);
      }
    }
    return cut(Math.max(offset, Segment.HEADER_BYTES), end, last);
  }

  private long cut(long offset, long end, long last) throws IOException {
    long next = last + 1;
    if (end > offset) {
      long torn = end - offset;
      LOG.log(Level.WARNING, "{0}: cut off {1} torn bytes at its end", segment.file(), torn);
      channel.truncate(offset);
      next += 1 + torn / Frame.HEADER_BYTES;
    }
    if (end < Segment.HEADER_BYTES) {
      writeHeader();
    }
    if (sync) {
      channel.force(true);
    }
    segment.readableTo(offset);
    return next;
  }

  /** The process ended while it made the file. */
  private void writeHeader() throws IOException {
    ByteBuffer header = Segment.header();
    channel.truncate(0);
    while (header.hasRemaining()) {
      channel.write(header, header.position());
    }
  }
}
