package blackhole.identity.call;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call that was not done, with a message that may be shown to the caller. It carries no stack
 * trace unless it has a cause: most are answers, not faults.
 */
public final class IdentityException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is; the gRPC face maps each to a status. */
  public enum Reason {
    INVALID_REQUEST,
    NAME_TAKEN,
    /** A wrong password or an unknown user: deliberately one reason. */
    BAD_CREDENTIALS,
    /** Too many failures for this name; try again after {@link IdentityException#retryAfter}. */
    THROTTLED,
    INVALID_TOKEN,
    INVALID_DID,
    UNKNOWN_DID,
    /** There is no room to do it now. */
    OVERLOADED,
    TIMED_OUT,
    /** The service or its store cannot do it; another try may succeed. */
    UNAVAILABLE
  }

  /**
   * @param field the name of the request's field
   * @param description what is wrong with it and what was expected
   */
  public record Violation(String field, String description) {}

  private final Reason reason;
  private final String text;
  private final transient List<Violation> violations;
  private final @Nullable Duration retryAfter;

  private IdentityException(
      Reason reason,
      String message,
      List<Violation> violations,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(message, cause, false, cause != null);
    this.reason = reason;
    this.text = message;
    this.violations = List.copyOf(violations);
    this.retryAfter = retryAfter;
  }

  public IdentityException(Reason reason, String message) {
    this(reason, message, List.of(), null, null);
  }

  public IdentityException(Reason reason, String message, Throwable cause) {
    this(reason, message, List.of(), null, cause);
  }

  public static IdentityException invalid(List<Violation> violations) {
    StringBuilder message = new StringBuilder();
    for (Violation violation : violations) {
      message.append(message.isEmpty() ? "" : "; ");
      message.append(violation.field()).append(' ').append(violation.description());
    }
    return new IdentityException(
        Reason.INVALID_REQUEST, message.toString(), violations, null, null);
  }

  /** The same failure, as the fault of a request's field; its message says what is wrong. */
  public IdentityException at(String field) {
    return new IdentityException(
        reason, text, List.of(new Violation(field, text)), retryAfter, getCause());
  }

  public static IdentityException throttled(Duration retryAfter) {
    return new IdentityException(
        Reason.THROTTLED,
        "too many failed logins for this name; try again in "
            + (retryAfter.toMillis() + 999) / 1000
            + " s",
        List.of(),
        retryAfter,
        null);
  }

  public static IdentityException timedOut(String message) {
    return new IdentityException(Reason.TIMED_OUT, message);
  }

  /** Never null, and fit to be shown to the caller. */
  @Override
  public String getMessage() {
    return text;
  }

  public Reason reason() {
    return reason;
  }

  /** The fields at fault; empty unless the request is. */
  public List<Violation> violations() {
    return violations;
  }

  /** For {@link Reason#THROTTLED}. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
