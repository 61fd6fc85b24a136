package blackhole.indexer.call;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A call that was not done, with a message that may be shown to the caller. It carries no stack
 * trace unless it has a cause: most are answers, not faults.
 */
public final class IndexerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is; programs read its name, and the gRPC face maps it to a code. */
  public enum Reason {
    INVALID_REQUEST,
    /** The query took longer than it may. */
    TIMED_OUT,
    /** The index cannot be read or written; another try may succeed. */
    INDEX_UNAVAILABLE
  }

  /**
   * @param field the name of the request's field
   * @param description what is wrong with it and what was expected
   */
  public record Violation(String field, String description) {}

  private final Reason reason;
  private final String text;
  private final transient List<Violation> violations;

  private IndexerException(
      Reason reason, String message, List<Violation> violations, @Nullable Throwable cause) {
    super(message, cause, false, cause != null);
    this.reason = reason;
    this.text = message;
    this.violations = List.copyOf(violations);
  }

  public IndexerException(Reason reason, String message, @Nullable Throwable cause) {
    this(reason, message, List.of(), cause);
  }

  /**
   * @param violations at least one
   */
  public static IndexerException invalid(List<Violation> violations) {
    String message =
        violations.stream()
            .map(violation -> violation.field() + " " + violation.description())
            .collect(Collectors.joining("; "));
    return new IndexerException(Reason.INVALID_REQUEST, message, violations, null);
  }

  public static IndexerException invalid(String field, String description) {
    return invalid(List.of(new Violation(field, description)));
  }

  public static IndexerException timedOut() {
    return new IndexerException(Reason.TIMED_OUT, "the query took too long", null);
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
