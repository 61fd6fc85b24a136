package blackhole.shell.protocol;

import java.util.List;

/**
 * Runs one command. Its arguments come as they are: what a script puts together needs no quoting
 * for Gogo.
 *
 * @param words the command's name, then its arguments
 * @param columns the width of the client's terminal, or 0 when its output goes elsewhere
 */
public record CommandRequest(List<String> words, int columns) {
  public CommandRequest {
    words = List.copyOf(words);
  }

  public Frame encode() {
    return new Payload.Writer().version().texts(words).number(columns).frame(FrameType.COMMAND);
  }

  public static CommandRequest decode(Frame frame) throws ProtocolException {
    Payload.Reader in = new Payload.Reader(frame, FrameType.COMMAND).version();
    return new CommandRequest(in.texts(), in.number());
  }
}
