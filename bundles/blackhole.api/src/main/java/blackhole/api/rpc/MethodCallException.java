package blackhole.api.rpc;

import java.util.List;

/** A call did not get its answer; the message says why, in one line. */
public class MethodCallException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> details;

  public MethodCallException(String message) {
    this(message, List.of());
  }

  /**
   * @param details a line each, for example the reason and when to come again
   */
  public MethodCallException(String message, List<String> details) {
    super(message);
    this.details = List.copyOf(details);
  }

  public List<String> details() {
    return details;
  }

  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? "failed" : message;
  }
}
