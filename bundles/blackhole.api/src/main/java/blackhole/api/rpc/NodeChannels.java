package blackhole.api.rpc;

import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Opens gRPC channels to other nodes, over TCP with mutual TLS. Thread-safe. */
@ProviderType
public interface NodeChannels {
  /**
   * A channel to this address of a node. It connects on its first call, within 10 s or not at all,
   * and again, with backoff, whenever the connection is lost. The caller owns the channel and shuts
   * it down.
   *
   * @param nodeId whose certificate the other end must have
   * @param certificateAuthority who must have signed it; empty for this node's own authority
   * @throws IllegalStateException when this process has no certificate to show
   */
  ManagedChannel open(String nodeId, String host, int port, Optional<Path> certificateAuthority);
}
