package blackhole.api.metrics;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** All that this process tells. Thread-safe; nothing is loaded for it before it is first asked. */
@ProviderType
public interface LocalMetrics {
  /** Of every {@link MetricSource}, as they stand now. */
  List<Metric> collect();
}
