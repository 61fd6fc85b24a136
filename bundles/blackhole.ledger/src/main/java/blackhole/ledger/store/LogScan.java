package blackhole.ledger.store;

import blackhole.ledger.entry.Entry;
import blackhole.ledger.merkle.Hash;
import java.io.IOException;
import java.util.Optional;

/**
 * Goes through the log from an entry on, to where it ends or breaks off. Decides whether what
 * breaks off is the trace of a crash, in a batch that was never acknowledged, or damage to what
 * was. Used by one thread.
 */
final class LogScan {
  /**
   * Bytes of one batch at most, and so of what a crash may leave behind. The last entry may pass
   * the size at which a batch is full.
   */
  static final int MAX_BATCH = (1 << 20) + Frame.MAX_SIZE;

  private static final int WINDOW = 1 << 16;

  private final EntryFile file;
  private final long size;
  private long index;
  private long offset;
  private Hash previous;

  private byte[] window = new byte[0];
  private long windowOffset;

  /** An entry and where it is. */
  record Found(Located located, Entry entry) {}

  /**
   * @param index of the entry that comes next
   * @param offset where its frame begins
   * @param previous the leaf hash of the one before
   */
  LogScan(EntryFile file, long index, long offset, Hash previous) throws IOException {
    this.file = file;
    this.size = file.size();
    this.index = index;
    this.offset = offset;
    this.previous = previous;
  }

  /** Where the next frame begins, or would. */
  long offset() {
    return offset;
  }

  /**
   * The next entry; empty at the end of what is whole.
   *
   * @throws IOException if the log cannot be read, or if what follows was whole once
   */
  Optional<Found> next() throws IOException {
    if (offset == size) {
      return Optional.empty();
    }
    String problem;
    try {
      Frame frame = frame(offset);
      problem = mismatch(frame.entry());
      if (problem.isEmpty()) {
        Located located = new Located(index, offset, frame.size(), frame.entry().leaf());
        index++;
        offset += frame.size();
        previous = frame.entry().leaf();
        return Optional.of(new Found(located, frame.entry()));
      }
    } catch (Frame.BrokenException e) {
      problem = String.valueOf(e.getMessage());
    }
    if (wasSynced()) {
      throw new IOException(
          new Damage(EntryFile.NAME, offset, index, problem)
              + "; what follows was written after it was synced, so it is not the trace of a crash:"
              + " restore the file from a backup");
    }
    return Optional.empty();
  }

  /** Whole, but not what has to come here. */
  private String mismatch(Entry entry) {
    if (entry.index() != index) {
      return "it says that it is entry " + entry.index();
    }
    return entry.previous().equals(previous) ? "" : "it does not follow the entry before";
  }

  /**
   * Whether the bytes here were part of a batch that was synced: there is a whole frame of a later
   * batch behind them, or more than one batch can be.
   */
  private boolean wasSynced() throws IOException {
    if (size - offset > MAX_BATCH) {
      return true;
    }
    for (long at = offset + 1; at <= size - Frame.HEADER; at++) {
      try {
        if (frame(at).batch() > index) {
          return true;
        }
      } catch (Frame.BrokenException e) {
        // no frame begins here
      }
    }
    return false;
  }

  private Frame frame(long at) throws IOException, Frame.BrokenException {
    if (size - at < Frame.HEADER) {
      throw new Frame.BrokenException("the file ends before it does");
    }
    int begin = load(at, Frame.HEADER);
    int length = Frame.size(window, begin);
    if (length == 0) {
      throw new Frame.BrokenException("its length cannot be");
    }
    if (size - at < length) {
      throw new Frame.BrokenException("the file ends before it does");
    }
    begin = load(at, length);
    return Frame.decode(window, begin, length);
  }

  /** Has these bytes of the file in the window, and tells where. */
  private int load(long at, int length) throws IOException {
    if (at < windowOffset || at + length > windowOffset + window.length) {
      window = file.read(at, (int) Math.min(Math.max(length, WINDOW), size - at));
      windowOffset = at;
      if (window.length < length) {
        throw new IOException(EntryFile.NAME + " got shorter while it was read");
      }
    }
    return (int) (at - windowOffset);
  }
}
