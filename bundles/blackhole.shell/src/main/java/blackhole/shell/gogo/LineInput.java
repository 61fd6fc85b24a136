package blackhole.shell.gogo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A session's input, as one line has it. A line that was interrupted has ended before its commands
 * have: what is typed then is the next line's, and none of them may take it.
 *
 * <p>Commands read on threads of their own; {@link #end} belongs to the session's.
 */
final class LineInput implements ReadableByteChannel {
  private static final int BLOCK_BYTES = 8192;

  /** How long the end waits for a stream that heeds no interrupt; those of a shell all do. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final InputStream in;

  // guarded by this
  private final Set<Thread> readers = new HashSet<>();
  private boolean ended;

  LineInput(InputStream in) {
    this.in = in;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (!enter()) {
      return -1;
    }
    try {
      byte[] block = new byte[Math.min(BLOCK_BYTES, target.remaining())];
      int count = in.read(block);
      if (count > 0) {
        target.put(block, 0, count);
      }
      return count;
    } finally {
      leave();
    }
  }

  private synchronized boolean enter() {
    return !ended && readers.add(Thread.currentThread());
  }

  private synchronized void leave() {
    readers.remove(Thread.currentThread());
    notifyAll();
  }

  /**
   * Ends the input for whoever still reads of it, and returns when nobody does. An interrupt that a
   * reader was sent before is not enough: if it has not woken up by the time that something is
   * typed, it takes that first.
   */
  synchronized void end() {
    ended = true;
    readers.forEach(Thread::interrupt);
    long until = System.nanoTime() + PATIENCE_NANOS;
    boolean interrupted = false;
    long left;
    while (!readers.isEmpty() && (left = until - System.nanoTime()) > 0) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized boolean isOpen() {
    return !ended;
  }

  /** Does nothing: a command that closes its input must not close the session's. */
  @Override
  public void close() {
    // see above
  }
}
