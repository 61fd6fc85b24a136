package blackhole.api.supervision;

import blackhole.api.shell.LineResult;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** The insides of running hosts. Thread-safe. */
@ProviderType
public interface Hosts {
  /**
   * Runs one Gogo line inside an instance's host. Completes exceptionally with a {@link
   * SupervisionException} when the instance has no host that is connected, or loses it meanwhile.
   */
  CompletionStage<LineResult> execute(InstanceId id, String line);
}
