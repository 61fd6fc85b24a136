package blackhole.host;

import io.grpc.ServerServiceDefinition;
import java.util.Collection;

/** The service's bundle and its libraries, as the host's life sees them. Thread-safe. */
interface HostedService {
  /** Hears how the start goes, from any thread, one call at a time. */
  interface Listener {
    /** What happens, or is waited for, from now on. */
    void progress(String step);

    /** All of the service's own components are there. The last call. */
    void satisfied(Collection<ServerServiceDefinition> definitions);

    /** They cannot come. The last call. */
    void failed(String reason);
  }

  /**
   * Configures, installs and starts the bundles. The listener is called until the service is
   * satisfied or has failed, which may be long after this returns.
   */
  void start(Listener listener) throws StartException;

  /** Stops the service's bundle, and waits until its components are deactivated. */
  void stop();

  /** The version of the service's bundle; empty before it is installed. */
  String bundleVersion();
}
