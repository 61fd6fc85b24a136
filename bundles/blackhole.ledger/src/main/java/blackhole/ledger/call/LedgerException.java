package blackhole.ledger.call;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A call that was not done, with a message that may be shown to the caller. It carries no stack
 * trace unless it has a cause: most are answers, not faults.
 */
public final class LedgerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is; programs read its name, and the gRPC face maps it to a code. */
  public enum Reason {
    INVALID_REQUEST,
    /** The account's key stands for other content. */
    KEY_REUSED,
    ENTRY_NOT_FOUND,
    /** A tree that has not so many entries yet. */
    TREE_TOO_SMALL,
    /** Its bytes are not what was recorded. */
    ENTRY_DAMAGED,
    DISK_FULL,
    /** There is no room to do it now. */
    OVERLOADED,
    TIMED_OUT,
    /** The service or its store cannot do it; another try may succeed. */
    STORE_UNAVAILABLE
  }

  /**
   * @param field the name of the request's field
   * @param description what is wrong with it and what was expected
   */
  public record Violation(String field, String description) {}

  private final Reason reason;
  private final String text;
  private final transient List<Violation> violations;

  private LedgerException(
      Reason reason, String message, List<Violation> violations, @Nullable Throwable cause) {
    super(message, cause, false, cause != null);
    this.reason = reason;
    this.text = message;
    this.violations = List.copyOf(violations);
  }

  public LedgerException(Reason reason, String message) {
    this(reason, message, List.of(), null);
  }

  public LedgerException(Reason reason, String message, @Nullable Throwable cause) {
    this(reason, message, List.of(), cause);
  }

  /**
   * @param violations at least one
   */
  public static LedgerException invalid(List<Violation> violations) {
    String message =
        violations.stream()
            .map(violation -> violation.field() + " " + violation.description())
            .collect(Collectors.joining("; "));
    return new LedgerException(Reason.INVALID_REQUEST, message, violations, null);
  }

  public static LedgerException timedOut() {
    return new LedgerException(Reason.TIMED_OUT, "the call's time is over");
  }

  public static LedgerException stopping() {
    return new LedgerException(Reason.STORE_UNAVAILABLE, "the ledger service is stopping");
  }

  /** Never null, and fit to be shown to the caller. */
  @Override
  public String getMessage() {
    return text;
  }

  public Reason reason() {
    return reason;
  }

  /** The fields at fault, for {@link Reason#INVALID_REQUEST}. */
  public List<Violation> violations() {
    return violations;
  }
}
