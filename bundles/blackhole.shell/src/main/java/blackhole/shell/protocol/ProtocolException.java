package blackhole.shell.protocol;

import java.io.IOException;

/** The other side said what no side may say; the connection is of no use any more. */
public class ProtocolException extends IOException {
  private static final long serialVersionUID = 1L;

  public ProtocolException(String message) {
    super(message);
  }
}
