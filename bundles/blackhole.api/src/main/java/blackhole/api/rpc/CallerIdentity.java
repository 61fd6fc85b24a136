package blackhole.api.rpc;

import blackhole.api.host.TlsFiles;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Who this process is to those it calls. Thread-safe. */
@ProviderType
public interface CallerIdentity {
  /** The metadata that carries {@link #callToken()}. */
  String CALL_TOKEN_HEADER = "blackhole-call-token";

  String nodeId();

  /** For people: {@code storage-1}, or {@code orchestrator}. */
  String name();

  /**
   * The secret by which other hosts of this node know this one; empty where there is none (yet). It
   * may change when the orchestrator does, so it is read anew for each call. Sent only over Unix
   * sockets of this node.
   */
  Optional<String> callToken();

  /** What connections to other nodes are made with; empty where there is none. */
  Optional<TlsFiles> tls();
}
