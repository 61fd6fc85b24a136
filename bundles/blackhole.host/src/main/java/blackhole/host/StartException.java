package blackhole.host;

import org.jspecify.annotations.Nullable;

/** A service's start cannot succeed; the message says why, in words for an operator. */
final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  StartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
