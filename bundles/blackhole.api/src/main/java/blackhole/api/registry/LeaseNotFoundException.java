package blackhole.api.registry;

/** There is no such lease: it was never granted, has expired, or was revoked. */
public class LeaseNotFoundException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LeaseNotFoundException(long lease) {
    super("there is no lease " + lease);
  }
}
