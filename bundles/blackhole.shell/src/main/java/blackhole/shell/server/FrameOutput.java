package blackhole.shell.server;

import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameChannel;
import blackhole.shell.protocol.FrameType;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Frames on their way to one client, written by a thread of their own: an interrupt, which is how
 * commands end, would close a socket channel that its thread is just writing to. The queue is
 * bounded, so whoever prints waits for a client that reads slowly.
 */
final class FrameOutput {
  private static final int QUEUED_FRAMES = 64;
  private static final int LARGEST_FRAME_BYTES = 16 * 1024;

  private final FrameChannel channel;
  private final BlockingQueue<Frame> queue = new ArrayBlockingQueue<>(QUEUED_FRAMES);
  private final Thread writer;
  private volatile boolean broken;

  FrameOutput(FrameChannel channel, String name) {
    this.channel = channel;
    this.writer = new Thread(this::write, name);
    writer.setDaemon(true);
  }

  void start() {
    writer.start();
  }

  private void write() {
    try {
      Frame frame;
      do {
        frame = queue.take();
        channel.write(frame);
      } while (frame.type() != FrameType.EXIT);
    } catch (IOException e) {
      // The client is gone; its reader notices too, and ends the session.
      broken = true;
      queue.clear();
    } catch (InterruptedException e) {
      broken = true;
      Thread.currentThread().interrupt();
    }
  }

  /** Output of this type, cut into frames; each flush is one. */
  OutputStream stream(FrameType type) {
    return new Stream(type);
  }

  void send(Frame frame) throws IOException {
    try {
      while (!queue.offer(frame, 100, TimeUnit.MILLISECONDS)) {
        if (broken) {
          break;
        }
      }
      if (broken) {
        throw new IOException("the client is gone");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** Sends the last frame, and waits until all is written. */
  void finish(int exitCode) throws IOException, InterruptedException {
    send(Frame.exit(exitCode));
    writer.join();
  }

  /** Lets go of whoever waits to send. */
  void abandon() {
    broken = true;
    writer.interrupt();
  }

  private final class Stream extends OutputStream {
    private final FrameType type;
    private final byte[] buffer = new byte[LARGEST_FRAME_BYTES];
    private int count;

    Stream(FrameType type) {
      this.type = type;
    }

    @Override
    public synchronized void write(int b) throws IOException {
      if (count == buffer.length) {
        flush();
      }
      buffer[count++] = (byte) b;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
      int done = 0;
      while (done < length) {
        if (count == buffer.length) {
          flush();
        }
        int part = Math.min(length - done, buffer.length - count);
        System.arraycopy(bytes, offset + done, buffer, count, part);
        count += part;
        done += part;
      }
    }

    @Override
    public synchronized void flush() throws IOException {
      if (count > 0) {
        int length = count;
        count = 0;
        send(Frame.of(type, buffer, 0, length));
      }
    }
  }
}
