package blackhole.api.rpc;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** What became of the calls that this process made. Thread-safe. */
@ProviderType
public interface CallStatistics {
  /** One for each service that was called, by name. */
  List<ServiceCalls> calls();
}
