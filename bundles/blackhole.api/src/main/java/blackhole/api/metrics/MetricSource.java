package blackhole.api.metrics;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Tells metrics of this process, registered as a DS service; they are in the node's {@code
 * /metrics}, with the labels {@code service} and {@code replica} before their own. Called from any
 * thread when somebody looks, and should answer at once. What throws is left out.
 *
 * <p>Labels must be bounded: a series stays for the life of the process. What has more than {@link
 * #MAX_SERIES} is cut.
 */
@ConsumerType
@FunctionalInterface
public interface MetricSource {
  /** The most series that are taken of one metric of a process. */
  int MAX_SERIES = 1000;

  /** As they stand now. */
  List<Metric> metrics();
}
