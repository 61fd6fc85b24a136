package blackhole.api.registry;

import io.grpc.Deadline;
import java.util.Optional;

/**
 * Whether a service that has no endpoint to call at the moment is worth waiting for.
 *
 * @param reason in words for a caller, for example {@code "storage waits 8 s before its restart"}
 * @param expected when it is next tried; empty when that may be any moment, or never
 */
public record Availability(State state, String reason, Optional<Deadline> expected) {
  /** What callers do while there is no endpoint. */
  public enum State {
    /** It serves. */
    SERVING,
    /** It starts, is updated, or is about to be restarted: calls wait, within their deadline. */
    EXPECTED,
    /** Somebody stopped it, and calls fail at once. */
    STOPPED,
    /** It was given up after too many failures, and calls fail at once. */
    FAILED
  }

  public static final Availability SERVING = new Availability(State.SERVING, "", Optional.empty());
}
