package blackhole.api.rpc;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The hosts of this node, by the secret they call with. Thread-safe, and quick. */
@ProviderType
public interface HostCallers {
  /** The name of the host ({@code storage-1}) whose {@link CallerIdentity#callToken()} this is. */
  Optional<String> verify(String callToken);
}
