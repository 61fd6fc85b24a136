package blackhole.api.supervision;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Which limits of this node's instances hold, and why others do not. Thread-safe. */
@ProviderType
public interface InstanceLimits {
  /** What is limited, of every desired instance. Reads files of the kernel. */
  List<InstanceLimit> limits();
}
