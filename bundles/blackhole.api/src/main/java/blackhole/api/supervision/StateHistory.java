package blackhole.api.supervision;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What happened to the node's instances, why, and who wanted it; also before the orchestrator that
 * runs now. Thread-safe.
 */
@ProviderType
public interface StateHistory {
  /** The oldest first; at most the last thousand. */
  List<Event> events();

  /**
   * One event.
   *
   * @param time by the wall clock
   * @param service what it concerns; empty for the whole node
   * @param instance empty for all of the service
   * @param from the state before; as {@code to} when it did not change, empty when it is about no
   *     state
   * @param cause why, in words
   * @param who an operator's way in, or a part of the node such as {@code supervisor}
   * @param warning whether an operator should look into it
   */
  record Event(
      Instant time,
      Optional<String> service,
      OptionalInt instance,
      Optional<InstanceState> from,
      Optional<InstanceState> to,
      String cause,
      String who,
      boolean warning) {}
}
