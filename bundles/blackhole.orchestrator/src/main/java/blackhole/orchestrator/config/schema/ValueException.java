package blackhole.orchestrator.config.schema;

/** A value is refused. The message says what is wrong and what was expected. */
public final class ValueException extends Exception {
  private static final long serialVersionUID = 1L;

  public ValueException(String message) {
    // no stack trace: this is an answer to a user, and there may be thousands of them
    super(message, null, false, false);
  }
}
