package blackhole.shell.server;

import blackhole.shell.protocol.CommandRequest;
import blackhole.shell.protocol.ExecRequest;
import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameChannel;
import blackhole.shell.protocol.FrameType;
import blackhole.shell.protocol.ProtocolException;
import blackhole.shell.protocol.ShellRequest;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client. Three threads: this one runs the session; one reads frames, so that an interrupt or a
 * client's end is heard while a line runs; one writes.
 */
final class Connection implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Connection.class.getName());

  private final FrameChannel channel;
  private final String name;
  private final Sessions sessions;
  private final Consumer<Connection> whenClosed;
  private final FrameOutput output;
  private final Thread thread;

  /** Open once the session has written all that it writes. */
  private final CountDownLatch ended = new CountDownLatch(1);

  Connection(SocketChannel client, int number, Sessions sessions, Consumer<Connection> whenClosed) {
    this.channel = new FrameChannel(client);
    this.name = "shell-" + number;
    this.sessions = sessions;
    this.whenClosed = whenClosed;
    this.output = new FrameOutput(channel, name + "-output");
    this.thread = daemon(this::run, name);
  }

  void start() {
    output.start();
    thread.start();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private void run() {
    try {
      Frame first = channel.read();
      // The guardian connects to see whether we are up, and says nothing.
      if (first != null) {
        int code = serve(first);
        output.finish(code);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a session of the shell ended early", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "a session of the shell broke", e);
    } finally {
      ended.countDown();
      close();
    }
  }

  private int serve(Frame first) throws IOException {
    Session session;
    try {
      session = open(first);
    } catch (ProtocolException e) {
      output.send(Frame.text(FrameType.STDERR, e.getMessage() + "\n"));
      return 1;
    }
    if (session == null) {
      output.send(Frame.text(FrameType.STDERR, "not a request: " + first.type() + "\n"));
      return 1;
    }
    daemon(() -> read(session), name + "-input").start();
    return session.run();
  }

  private @Nullable Session open(Frame first) throws IOException {
    return switch (first.type()) {
      case EXEC -> new ExecSession(ExecRequest.decode(first), sessions, output);
      case COMMAND -> new CommandSession(CommandRequest.decode(first), sessions, output);
      case SHELL -> new InteractiveSession(ShellRequest.decode(first), sessions, output);
      default -> null;
    };
  }

  private void read(Session session) {
    try {
      Frame frame;
      while ((frame = channel.read()) != null) {
        session.receive(frame);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a client of the shell went away", e);
    } finally {
      // Nobody reads any more: let go of a line that waits to print, and then of the line itself.
      output.abandon();
      session.close();
    }
  }

  /**
   * Waits for the end of a session that was closed. A session never waits for itself.
   *
   * @return false when a line of it runs on, which was told to end
   */
  boolean awaitEnd(Duration timeout) throws InterruptedException {
    return Thread.currentThread() == thread || ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot close a connection of the shell", e);
    }
    output.abandon();
    whenClosed.accept(this);
  }
}
