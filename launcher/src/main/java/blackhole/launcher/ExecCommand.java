package blackhole.launcher;

import blackhole.api.host.NodeHome;
import blackhole.shell.protocol.ExecRequest;
import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameChannel;
import blackhole.shell.protocol.FrameType;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/** Runs one line in the node and passes on what it prints. */
final class ExecCommand {
  private final NodeHome home;
  private final PrintStream err;

  ExecCommand(NodeHome home, PrintStream err) {
    this.home = home;
    this.err = err;
  }

  int run(String line) throws IOException, InterruptedException {
    int columns = Tty.isTerminal(1) ? Tty.size().columns() : 0;
    ExecRequest request = new ExecRequest(line, Path.of("").toAbsolutePath().toString(), columns);
    try (FrameChannel node = new FrameChannel(NodeConnection.open(home))) {
      node.write(request.encode());
      return relay(node);
    }
  }

  private int relay(FrameChannel node) throws IOException {
    ClientOutput output = new ClientOutput();
    Frame frame;
    while ((frame = node.read()) != null) {
      if (frame.type() == FrameType.EXIT) {
        return frame.exitCode();
      }
      if (!output.write(frame)) {
        // Whoever read our output has seen enough: "| head" is no error.
        return ExitCodes.DONE;
      }
    }
    err.println("blackhole: the node went away before the line had ended");
    return ExitCodes.FAILED;
  }
}
