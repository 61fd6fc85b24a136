package blackhole.api.rpc;

/** The reasons in the {@code google.rpc.ErrorInfo} of answers that are Blackhole's own. */
public final class Reasons {
  /** The domain of them all. */
  public static final String DOMAIN = "blackhole";

  /** UNAVAILABLE: no service of this name. */
  public static final String SERVICE_NOT_FOUND = "SERVICE_NOT_FOUND";

  /** UNAVAILABLE: somebody stopped it. */
  public static final String SERVICE_STOPPED = "SERVICE_STOPPED";

  /** UNAVAILABLE: it was given up after too many failures. */
  public static final String SERVICE_FAILED = "SERVICE_FAILED";

  /** UNAVAILABLE: it runs, and every instance of it is unhealthy. */
  public static final String SERVICE_UNHEALTHY = "SERVICE_UNHEALTHY";

  /** UNAVAILABLE: it is about to start, and the call cannot or did not wait that long. */
  public static final String SERVICE_NOT_READY = "SERVICE_NOT_READY";

  /** UNAVAILABLE: too many of the last calls failed. */
  public static final String CIRCUIT_OPEN = "CIRCUIT_OPEN";

  /** RESOURCE_EXHAUSTED: too many calls of this process to the service are in flight. */
  public static final String TOO_MANY_CALLS = "TOO_MANY_CALLS";

  /** RESOURCE_EXHAUSTED: the instance takes no more calls a second. */
  public static final String RATE_LIMITED = "RATE_LIMITED";

  /** RESOURCE_EXHAUSTED: a message or the metadata; the same request is too large next time too. */
  public static final String TOO_LARGE = "TOO_LARGE";

  /** UNAVAILABLE: the instance is about to end. */
  public static final String DRAINING = "DRAINING";

  /** INTERNAL: the handler threw something that is no status. */
  public static final String HANDLER_FAILED = "HANDLER_FAILED";

  /** UNAUTHENTICATED: the method needs credentials, and the call has none that are valid. */
  public static final String CREDENTIALS_MISSING = "CREDENTIALS_MISSING";

  /** UNAUTHENTICATED: the token is forged or has expired. */
  public static final String TOKEN_INVALID = "TOKEN_INVALID";

  /** PERMISSION_DENIED: the credentials are valid, and not enough for the method. */
  public static final String ACCESS_DENIED = "ACCESS_DENIED";

  private Reasons() {}
}
