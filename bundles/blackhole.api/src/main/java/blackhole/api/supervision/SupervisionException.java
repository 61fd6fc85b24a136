package blackhole.api.supervision;

/** A command could not be carried out; the message says why, in words for an operator. */
public class SupervisionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SupervisionException(String message) {
    super(message);
  }
}
