package blackhole.launcher;

import blackhole.api.host.NodeHome;
import blackhole.shell.protocol.CommandRequest;
import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameChannel;
import blackhole.shell.protocol.FrameType;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/**
 * Runs one of the node's commands by its words, passes on what it prints, and gives it our stdin
 * when it wants to read.
 */
final class NodeCommand {
  private final NodeHome home;
  private final PrintStream err;

  NodeCommand(NodeHome home, PrintStream err) {
    this.home = home;
    this.err = err;
  }

  /**
   * @param words the command's name, then its arguments
   */
  int run(List<String> words) throws IOException, InterruptedException {
    int columns = Tty.isTerminal(1) ? Tty.size().columns() : 0;
    Frame request = new CommandRequest(words, columns).encode();
    if (request.payload().length > FrameChannel.MAX_PAYLOAD_BYTES) {
      throw LauncherException.failed(
          "the arguments are longer than "
              + FrameChannel.MAX_PAYLOAD_BYTES
              + " bytes; give JSON on stdin, with - in its place");
    }
    try (FrameChannel node = new FrameChannel(NodeConnection.open(home))) {
      node.write(request);
      return relay(node);
    }
  }

  private int relay(FrameChannel node) throws IOException {
    ClientOutput output = new ClientOutput();
    StdinPump stdin = new StdinPump(node);
    Frame frame;
    while ((frame = node.read()) != null) {
      if (frame.type() == FrameType.EXIT) {
        return frame.exitCode();
      }
      if (frame.type() == FrameType.READ) {
        stdin.sendNext();
      } else if (!output.write(frame)) {
        // Whoever read our output has seen enough: "| head" is no error.
        return ExitCodes.DONE;
      }
    }
    err.println("blackhole: the node went away before the command had ended");
    return ExitCodes.FAILED;
  }
}
