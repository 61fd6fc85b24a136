package blackhole.api.process;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Measures processes. Thread-safe; a look costs well under a millisecond. */
@ProviderType
public interface ProcessSampler {
  /** A look at a process now; empty when it is gone or is another by now. */
  Optional<ProcessSample> sample(ProcessIdentity process);
}
