package blackhole.shell.protocol;

/** The size of a terminal, in characters. */
public record WindowSize(int columns, int rows) {
  private static final int MAX = 10_000;

  /** Where nobody knows better. */
  public static final WindowSize DEFAULT = new WindowSize(80, 24);

  /** A size to work with, whatever was claimed: some terminals say 0 by 0. */
  public static WindowSize of(int columns, int rows) {
    return new WindowSize(
        columns <= 0 ? DEFAULT.columns : Math.min(columns, MAX),
        rows <= 0 ? DEFAULT.rows : Math.min(rows, MAX));
  }

  public Frame encode() {
    return new Payload.Writer().number(columns).number(rows).frame(FrameType.RESIZE);
  }

  public static WindowSize decode(Frame frame) throws ProtocolException {
    Payload.Reader in = new Payload.Reader(frame, FrameType.RESIZE);
    return of(in.number(), in.number());
  }
}
