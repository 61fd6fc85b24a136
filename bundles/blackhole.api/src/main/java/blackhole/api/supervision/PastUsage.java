package blackhole.api.supervision;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** What instances used, as the node's telemetry has kept it. Thread-safe; blocks. */
@ProviderType
public interface PastUsage {
  /** For how long it is kept. */
  Duration LONGEST = Duration.ofDays(1);

  /**
   * What every instance used that there is something of, in the order of their names.
   *
   * @param service of this one; empty for all
   * @param back from so long ago until now, a second to {@link #LONGEST}
   * @throws SupervisionException when it cannot be said, with the reason
   */
  List<Past> past(Optional<String> service, Duration back);

  /**
   * What an instance used.
   *
   * @param cpuCores on average between two samples
   */
  record Past(
      InstanceId id,
      Optional<Figure> cpuCores,
      Optional<Figure> rssBytes,
      Optional<Figure> heapUsedBytes) {}

  /** Of all samples of the time. */
  record Figure(double average, double maximum) {}
}
