package blackhole.events.call;

import java.util.List;

/**
 * A call that was not done, with a message that may be shown to the caller. It carries no stack
 * trace unless it has a cause: most are answers, not faults.
 */
public final class EventsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is; programs read its name, and the gRPC face maps it to a code. */
  public enum Reason {
    INVALID_REQUEST,
    /** A position that has not been given to any event, and is not the next one. */
    POSITION_NOT_GIVEN,
    /** The group is there, with another type or policy. */
    GROUP_MISMATCH,
    GROUP_NOT_FOUND,
    TOO_MANY_SUBSCRIBERS,
    TOO_MANY_GROUPS,
    /** More events waited for the subscriber than it had asked for. */
    SLOW_SUBSCRIBER,
    /** Too many events wait to be written. */
    OVERLOADED,
    DISK_FULL,
    /** The log cannot do it; another try may succeed. */
    LOG_UNAVAILABLE,
    /** The service is about to end; its successor goes on. */
    DRAINING
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

  public EventsException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
    this.text = message;
    this.violations = List.of();
  }

  public EventsException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.text = message;
    this.violations = List.of();
  }

  private EventsException(List<Violation> violations) {
    super(null, null, false, false);
    this.reason = Reason.INVALID_REQUEST;
    this.text =
        String.join("; ", violations.stream().map(v -> v.field() + " " + v.description()).toList());
    this.violations = List.copyOf(violations);
  }

  /** A request with these faults; there is at least one. */
  public static EventsException invalid(List<Violation> violations) {
    return new EventsException(violations);
  }

  public static EventsException draining() {
    return new EventsException(Reason.DRAINING, "the event stream is stopping");
  }

  /** Never null, and fit to be shown to the caller. */
  @Override
  public String getMessage() {
    return text;
  }

  public Reason reason() {
    return reason;
  }

  /** Empty unless the request was invalid. */
  public List<Violation> violations() {
    return violations;
  }
}
