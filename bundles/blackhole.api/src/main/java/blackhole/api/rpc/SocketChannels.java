package blackhole.api.rpc;

import io.grpc.ManagedChannel;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/** Opens gRPC channels over Unix sockets. Thread-safe. */
@ProviderType
public interface SocketChannels {
  /**
   * A channel to the socket at this path; symbolic links are followed at every connect. It connects
   * on its first call, and again, with backoff, whenever the connection is lost. The caller owns
   * the channel and shuts it down.
   */
  ManagedChannel open(Path socket);
}
