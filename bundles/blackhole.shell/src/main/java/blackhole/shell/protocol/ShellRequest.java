package blackhole.shell.protocol;

/**
 * Opens an interactive shell.
 *
 * @param term the kind of terminal, as in {@code $TERM}
 * @param directory what relative paths resolve against
 * @param foreground whether the end of this shell stops the node, which the greeting says
 */
public record ShellRequest(String term, WindowSize size, String directory, boolean foreground) {
  public Frame encode() {
    return new Payload.Writer()
        .version()
        .text(term)
        .number(size.columns())
        .number(size.rows())
        .text(directory)
        .flag(foreground)
        .frame(FrameType.SHELL);
  }

  public static ShellRequest decode(Frame frame) throws ProtocolException {
    Payload.Reader in = new Payload.Reader(frame, FrameType.SHELL).version();
    return new ShellRequest(
        in.text(), WindowSize.of(in.number(), in.number()), in.text(), in.flag());
  }
}
