package blackhole.shell.server;

import blackhole.shell.gogo.CommandRun;
import blackhole.shell.protocol.CommandRequest;
import blackhole.shell.protocol.Frame;
import blackhole.shell.protocol.FrameType;
import java.util.List;

/** Runs one command. */
final class CommandSession implements Session {
  private final List<String> words;
  private final ClientInput input;
  private final CommandRun command;

  CommandSession(CommandRequest request, Sessions sessions, FrameOutput output) {
    words = request.words();
    input = new ClientInput(output);
    command =
        new CommandRun(
            sessions.runtime().get(),
            input,
            output.stream(FrameType.STDOUT),
            output.stream(FrameType.STDERR),
            request.columns());
  }

  @Override
  public int run() {
    return command.run(words);
  }

  @Override
  public void receive(Frame frame) {
    switch (frame.type()) {
      case STDIN -> input.receive(frame.payload());
      case STDIN_END -> input.end();
      case INTERRUPT -> command.interrupt();
      default -> {
        // from a client that is newer than we are
      }
    }
  }

  @Override
  public void close() {
    input.end();
    command.interrupt();
  }
}
