package blackhole.shell.server;

import blackhole.shell.gogo.GogoSession;
import blackhole.shell.protocol.ExecRequest;
import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameType;
import java.io.InputStream;
import java.nio.file.Path;

/** Runs one line. */
final class ExecSession implements Session {
  private final String line;
  private final GogoSession gogo;

  ExecSession(ExecRequest request, Sessions sessions, FrameOutput output) {
    this.line = request.line();
    this.gogo =
        new GogoSession(
            sessions.runtime().get(),
            InputStream.nullInputStream(),
            output.stream(FrameType.STDOUT),
            output.stream(FrameType.STDERR),
            Path.of(request.directory()),
            request::columns);
  }

  @Override
  public int run() {
    try (gogo) {
      return gogo.run(line);
    }
  }

  @Override
  public void receive(Frame frame) {
    if (frame.type() == FrameType.INTERRUPT) {
      gogo.interrupt();
    }
  }

  @Override
  public void close() {
    gogo.close();
  }
}
