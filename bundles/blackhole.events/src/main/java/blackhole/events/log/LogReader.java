package blackhole.events.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log in order, from any position. It holds one open file while it reads, and so goes on
 * with a segment that retention has deleted meanwhile. Not thread-safe.
 */
public final class LogReader implements AutoCloseable {
  private final SegmentLog log;

  private @Nullable Segment segment;
  private @Nullable FileChannel channel;
  private @Nullable FrameReader reader;
  private long offset;
  private long last;

  LogReader(SegmentLog log) {
    this.log = log;
  }

  /**
   * The first record at or behind this position, or null if there is none yet. Damaged places are
   * passed over. Asking for growing positions reads each byte once.
   */
  public @Nullable LogRecord next(long wanted) throws IOException {
    if (segment == null || wanted <= last || !reopen()) {
      seek(wanted);
    }
    while (true) {
      LogRecord found = nextInSegment();
      if (found != null) {
        if (found.position() >= wanted) {
          return found;
        }
      } else if (!advance()) {
        return null;
      }
    }
  }

  private @Nullable LogRecord nextInSegment() throws IOException {
    Segment current = segment;
    FrameReader frames = reader;
    if (current == null || frames == null) {
      return null;
    }
    // read once: all before it is whole
    long end = current.readableEnd();
    while (offset < end) {
      LogRecord found = frames.read(offset, end, last);
      if (found != null) {
        offset += Frame.size(found);
        last = found.position();
        return found;
      }
      log.damaged(current, offset);
      long next = frames.find(offset + 1, end, last);
      offset = next < 0 ? end : next;
    }
    return null;
  }

  /** To the next segment; false if there is none yet. */
  private boolean advance() throws IOException {
    Segment current = segment;
    while (current != null) {
      Segment following = log.after(current.base());
      if (following == null) {
        return false;
      }
      if (open(following)) {
        return true;
      }
      current = following;
    }
    return false;
  }

  private void seek(long wanted) throws IOException {
    Segment first = log.holding(wanted);
    while (!open(first)) {
      // deleted by retention in this moment; what is left begins behind it
      Segment left = log.holding(wanted);
      if (left == first) {
        throw new NoSuchFileException(first.file().toString());
      }
      first = left;
    }
  }

  private boolean open(Segment next) throws IOException {
    close();
    segment = next;
    offset = Segment.HEADER_BYTES;
    last = next.base() - 1;
    return reopen();
  }

  /** Where it was; false if that has been deleted since. */
  private boolean reopen() throws IOException {
    Segment current = segment;
    if (reader == null && current != null) {
      try {
        FileChannel opened = FileChannel.open(current.file(), StandardOpenOption.READ);
        channel = opened;
        reader = new FrameReader(opened);
      } catch (NoSuchFileException e) {
        segment = null;
      }
    }
    return segment != null;
  }

  /** Lets go of the file and of what was read ahead; the next read goes on from there. */
  @Override
  public void close() throws IOException {
    FileChannel opened = channel;
    channel = null;
    reader = null;
    if (opened != null) {
      opened.close();
    }
  }
}
