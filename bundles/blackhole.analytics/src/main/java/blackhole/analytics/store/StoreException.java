package blackhole.analytics.store;

import blackhole.sqlite.Failures;
import org.jspecify.annotations.Nullable;

/** The store did not do it, with a message that may be shown to a caller. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Failures.Kind kind;

  StoreException(Failures.Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause, false, cause != null);
    this.kind = kind;
  }

  public Failures.Kind kind() {
    return kind;
  }
}
