package blackhole.shell.protocol;

import org.jspecify.annotations.Nullable;

/** The kinds of {@link Frame}. A code, once given, keeps its meaning. */
public enum FrameType {
  /** Client, first: run one line. Payload: {@link ExecRequest}. */
  EXEC(1),
  /** Client, first: open an interactive shell. Payload: {@link ShellRequest}. */
  SHELL(2),
  /** Client: what was typed, as bytes of the terminal; or a command's input, when it was asked. */
  STDIN(3),
  /** Client: the terminal's new size. Payload: {@link WindowSize}. */
  RESIZE(4),
  /** Client: end the line that runs, as Ctrl-C does. Empty. */
  INTERRUPT(5),
  /** Server: output, as bytes. */
  STDOUT(6),
  /** Server: errors, as bytes. */
  STDERR(7),
  /** Server, last: the exit code, one byte. */
  EXIT(8),
  /** Client, first: run one command, given in words. Payload: {@link CommandRequest}. */
  COMMAND(9),
  /**
   * Server, to a client that asked for a command: the command wants to read. The client answers
   * with one {@link #STDIN} of what it has, or {@link #STDIN_END}. Empty.
   */
  READ(10),
  /** Client: there is no more input. Empty. */
  STDIN_END(11);

  private static final FrameType[] ALL = values();
  private final byte code;

  FrameType(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  static @Nullable FrameType of(byte code) {
    return code >= 1 && code <= ALL.length ? ALL[code - 1] : null;
  }
}
