package blackhole.shell.server;

import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameChannel;
import blackhole.shell.protocol.FrameType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A client that reads in the background, and waits for what it expects. */
final class TestClient implements AutoCloseable {
  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final FrameChannel channel;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private int seen;
  private int reads;
  private int exitCode = -1;
  private boolean ended;

  TestClient(Path socket) throws IOException {
    channel = new FrameChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    Thread reader = new Thread(this::read, "test-client");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try {
      Frame frame;
      while ((frame = channel.read()) != null) {
        accept(frame);
      }
    } catch (IOException e) {
      // the end, as below
    }
    synchronized (this) {
      ended = true;
      notifyAll();
    }
  }

  private synchronized void accept(Frame frame) throws IOException {
    switch (frame.type()) {
      case STDOUT -> out.writeBytes(frame.payload());
      case STDERR -> err.writeBytes(frame.payload());
      case EXIT -> exitCode = frame.exitCode();
      case READ -> reads++;
      default -> throw new AssertionError(frame.type());
    }
    notifyAll();
  }

  void send(Frame frame) throws IOException {
    channel.write(frame);
  }

  void type(String keys) throws IOException {
    send(Frame.text(FrameType.STDIN, keys));
  }

  /** Waits for output that has not been waited for yet. */
  synchronized void await(String text) throws InterruptedException {
    long until = System.nanoTime() + DEADLINE_NANOS;
    int at;
    while ((at = plain().indexOf(text, seen)) < 0) {
      if (ended) {
        throw missing(text);
      }
      wait(left(until, text));
    }
    seen = at + text.length();
  }

  /** Waits until a command has asked for input so many times. */
  synchronized void awaitReads(int count) throws InterruptedException {
    long until = System.nanoTime() + DEADLINE_NANOS;
    while (reads < count) {
      if (ended) {
        throw missing("read");
      }
      wait(left(until, "read"));
    }
  }

  synchronized int reads() {
    return reads;
  }

  /** The code, which comes before the end of the connection. */
  synchronized int exitCode() throws InterruptedException {
    long until = System.nanoTime() + DEADLINE_NANOS;
    while (!ended) {
      wait(left(until, "the end"));
    }
    return exitCode;
  }

  private long left(long until, String what) {
    long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
    if (left <= 0) {
      throw missing(what);
    }
    return left;
  }

  private AssertionError missing(String what) {
    return new AssertionError("no " + what + " in <" + stdout() + "> <" + stderr() + ">");
  }

  /** What a person would read: without escape sequences. */
  private String plain() {
    return stdout().replaceAll("\u001b(\\[[0-9;?]*[a-zA-Z]|[=>])|\r", "");
  }

  synchronized String stdout() {
    return out.toString(StandardCharsets.UTF_8);
  }

  synchronized String stderr() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
