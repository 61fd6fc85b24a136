package blackhole.api.rpc;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** The hosts of this node, by the secret they call with. Thread-safe, and quick. */
@ProviderType
public interface HostCallers {
  /** The name of the host ({@code storage-1}) whose {@link CallerIdentity#callToken()} this is. */
  Optional<String> verify(String callToken);

  /**
   * The same for a secret that was just found to be nobody's: its host may have been started while
   * the news of it is still on the way to this process.
   *
   * @return completes, on a thread that may block, as soon as it is somebody's, or with nothing
   *     after a bounded time; has completed already where no news is to be expected
   */
  default CompletionStage<Optional<String>> verifyLater(String callToken) {
    return CompletableFuture.completedFuture(Optional.empty());
  }
}
