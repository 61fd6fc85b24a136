package blackhole.shell.server;

import blackhole.shell.protocol.Frame;
import java.io.IOException;

/** What one client asked for. */
interface Session extends AutoCloseable {
  /** Runs it to its end, on the connection's own thread; returns its exit code. */
  int run() throws IOException;

  /** Takes what the client sends meanwhile, on another thread. */
  void receive(Frame frame) throws IOException;

  /** The client is gone: ends what runs. From any thread, and more than once. */
  @Override
  void close();
}
