package blackhole.shell.command;

import java.util.List;

/** A command could not do what it was asked; the message says why, in one line. */
public class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> details;

  public CommandException(String message) {
    this(message, List.of());
  }

  /**
   * @param details lines that stand below the message
   */
  public CommandException(String message, List<String> details) {
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
