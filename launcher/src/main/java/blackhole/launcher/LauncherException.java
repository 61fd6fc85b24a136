package blackhole.launcher;

/** Ends the command: a code, one line that says what is wrong, and what to do next. */
public class LauncherException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final String hint;

  /**
   * @param exitCode one of {@link ExitCodes}
   * @param hint what to do next; may be empty
   */
  public LauncherException(int exitCode, String message, String hint) {
    // No stack trace: these end at a user, and filling one in is not free.
    super(message, null, false, false);
    this.exitCode = exitCode;
    this.hint = hint;
  }

  public static LauncherException usage(String message, String hint) {
    return new LauncherException(ExitCodes.USAGE, message, hint);
  }

  static LauncherException failed(String message) {
    return new LauncherException(ExitCodes.FAILED, message, "");
  }

  public int exitCode() {
    return exitCode;
  }

  public String hint() {
    return hint;
  }

  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? "failed" : message;
  }
}
