package blackhole.api.rpc;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The gRPC server of this process. It serves every {@code io.grpc.BindableService} in the service
 * registry, each for as long as it is registered, beside health and reflection. Thread-safe.
 */
@ProviderType
public interface Endpoint {
  /**
   * Binds and starts to serve, with health {@code NOT_SERVING} until {@link #setServing}.
   *
   * @throws IOException when an address cannot be bound: a live listener at the socket (which is
   *     left alone), a file that is no socket, a path longer than the system allows, a port in use
   * @throws IllegalStateException when it is open already
   */
  void open(EndpointAddress address) throws IOException;

  /**
   * The full gRPC names registered by bundles, without the platform's own health and reflection.
   */
  Set<String> services();

  /** What {@code grpc.health.v1} answers, apart from what health checks say. */
  void setServing(boolean serving);

  /**
   * Answers {@code NOT_SERVING}, refuses new calls with UNAVAILABLE, waits for those in flight, and
   * closes the sockets. Calls that outlast the timeout are cancelled.
   *
   * @return how many calls were cancelled
   */
  int drain(Duration timeout) throws InterruptedException;
}
