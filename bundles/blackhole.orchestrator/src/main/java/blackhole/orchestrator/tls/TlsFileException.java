package blackhole.orchestrator.tls;

import java.io.IOException;
import java.nio.file.Path;

/** A file with a certificate or a key is of no use; the message says which, and why. */
public final class TlsFileException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  TlsFileException(Path file, String reason) {
    super(file + " " + reason);
    this.reason = reason;
  }

  /** What is wrong with the file, without its path. */
  public String reason() {
    return reason;
  }
}
