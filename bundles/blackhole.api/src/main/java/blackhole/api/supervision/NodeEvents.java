package blackhole.api.supervision;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.osgi.annotation.versioning.ProviderType;

/** The node's event stream, as an operator reads it. Thread-safe; all methods block. */
@ProviderType
public interface NodeEvents {
  /**
   * The newest events, the oldest of them first; those of some types are looked for among the last
   * thousand of all.
   *
   * @param type as in a subscription, with {@code *} for any word, and as the last one for one or
   *     more; empty for all
   * @throws SupervisionException when the stream cannot be read, with the reason
   */
  List<Occurrence> last(Optional<String> type, int most) throws InterruptedException;

  /**
   * What is published from now on, as it comes, until the thread is interrupted. A restart of the
   * stream's service leaves no gap.
   *
   * @param begun runs once nothing will be missed any more
   * @param sink false when nobody wants more
   * @throws SupervisionException as {@link #last}
   */
  void follow(Optional<String> type, Runnable begun, Predicate<Occurrence> sink)
      throws InterruptedException;

  /**
   * One event.
   *
   * @param data as JSON; empty when it carries none
   */
  record Occurrence(
      long position,
      Instant time,
      String type,
      String source,
      String id,
      String traceId,
      Optional<String> data) {}
}
