package blackhole.api.registry;

/** What a method's {@code idempotency_level} promises of calling it twice. */
public enum Idempotency {
  /** Nothing: a call that may have reached the server is never repeated. */
  UNKNOWN,
  /** As once: it may be retried. */
  IDEMPOTENT,
  /** It only reads: it may be retried, and may go to another node where reads may. */
  NO_SIDE_EFFECTS
}
