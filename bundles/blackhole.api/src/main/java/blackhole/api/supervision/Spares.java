package blackhole.api.supervision;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/** The hosts of this node that wait, warm, for a service. Thread-safe. */
@ProviderType
public interface Spares {
  /** Oldest first; those too that are not warm yet. Reads files of the kernel. */
  List<Spare> spares();

  /**
   * A host without a service.
   *
   * @param warm false while it is being prepared
   * @param message what it does, and how often one like it was of use
   * @param pid empty until there is a process
   * @param uptime since it was started
   * @param rssBytes resident memory; empty when there is no process
   */
  record Spare(
      boolean warm, String message, OptionalLong pid, Duration uptime, OptionalLong rssBytes) {}

  /** Of the starts of instances since the first spare was wanted. */
  Hits hits();

  /**
   * How often a spare was of use.
   *
   * @param taken starts that took one
   * @param starts all of them
   */
  record Hits(int taken, int starts) {}
}
