package blackhole.shell.protocol;

/**
 * Runs one line.
 *
 * @param line Gogo
 * @param directory what relative paths in the line resolve against
 * @param columns the width of the client's terminal, or 0 when its output goes elsewhere
 */
public record ExecRequest(String line, String directory, int columns) {
  public Frame encode() {
    return new Payload.Writer()
        .version()
        .text(line)
        .text(directory)
        .number(columns)
        .frame(FrameType.EXEC);
  }

  public static ExecRequest decode(Frame frame) throws ProtocolException {
    Payload.Reader in = new Payload.Reader(frame, FrameType.EXEC).version();
    return new ExecRequest(in.text(), in.text(), in.number());
  }
}
