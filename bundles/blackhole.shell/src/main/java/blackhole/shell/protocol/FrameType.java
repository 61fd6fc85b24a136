package blackhole.shell.protocol;

import org.jspecify.annotations.Nullable;

/** The kinds of {@link Frame}. A code, once given, keeps its meaning. */
public enum FrameType {
  /** Client, first: run one line. Payload: {@link ExecRequest}. */
  EXEC(1),
  /** Client, first: open an interactive shell. Payload: {@link ShellRequest}. */
  SHELL(2),
  /** Client: what was typed, as bytes of the terminal. */
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
  EXIT(8);

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
