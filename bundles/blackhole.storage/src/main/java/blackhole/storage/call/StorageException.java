package blackhole.storage.call;

import java.util.List;

/**
 * A call that was not done, with a message that may be shown to the caller. It carries no stack
 * trace unless it has a cause: most are answers, not faults.
 */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is; programs read its name, and the gRPC face maps it to a code. */
  public enum Reason {
    INVALID_REQUEST,
    INVALID_CID,
    /** The bytes are not those that were announced. */
    CID_MISMATCH,
    BLOB_TOO_LARGE,
    BLOB_NOT_FOUND,
    /** A range that begins behind the blob's end. */
    RANGE_PAST_END,
    /** Its bytes are not what was stored. */
    BLOB_DAMAGED,
    DISK_FULL,
    /** There is no room to do it now. */
    OVERLOADED,
    TIMED_OUT,
    /** The service or its store cannot do it; another try may succeed. */
    STORE_UNAVAILABLE
  }

  /**
   * One field of a request, and what is wrong with it.
   *
   * @param field by its name in the message
   */
  public record Violation(String field, String description) {}

  private final Reason reason;
  private final String text;
  private final transient List<Violation> violations;

  public StorageException(Reason reason, String message) {
    this(reason, message, List.of());
  }

  public StorageException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.text = message;
    this.violations = List.of();
  }

  private StorageException(Reason reason, String message, List<Violation> violations) {
    super(message, null, false, false);
    this.reason = reason;
    this.text = message;
    this.violations = List.copyOf(violations);
  }

  /** A request with these faults; there is at least one. */
  public static StorageException invalid(Reason reason, List<Violation> violations) {
    String message =
        String.join("; ", violations.stream().map(v -> v.field() + " " + v.description()).toList());
    return new StorageException(reason, message, violations);
  }

  /** The same failure, as the fault of a request's field; its message says what is wrong. */
  public StorageException at(String field) {
    return new StorageException(reason, text, List.of(new Violation(field, text)));
  }

  public static StorageException timedOut() {
    return new StorageException(Reason.TIMED_OUT, "the call's time is over");
  }

  public static StorageException stopping() {
    return new StorageException(Reason.STORE_UNAVAILABLE, "the storage service is stopping");
  }

  /** Never null, and fit to be shown to the caller. */
  @Override
  public String getMessage() {
    return text;
  }

  public Reason reason() {
    return reason;
  }

  /** Empty unless fields of the request are at fault. */
  public List<Violation> violations() {
    return violations;
  }
}
