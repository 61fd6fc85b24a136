package blackhole.api.observe;

import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The last spans of all processes of this node. Thread-safe. */
@ProviderType
public interface Traces {
  /** The spans of a trace that are here by now, in the order of their start; empty for none. */
  List<Span> trace(String traceId);

  /**
   * Waits until all spans that are known to be missing have come, and no more do for a moment.
   *
   * @param atMost how long to wait for those that never come, as of a process that has died
   * @param root the span that the trace begins with and that nobody records; empty when there is
   *     none
   */
  List<Span> await(String traceId, String root, Duration atMost) throws InterruptedException;

  /** The first span of each trace that is here, newest first. */
  List<Span> recent(int most);
}
