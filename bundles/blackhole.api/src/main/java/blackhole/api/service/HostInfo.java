package blackhole.api.service;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The host that a service runs in. Registered before the service's bundle starts, and constant for
 * the life of the process, so a component may read it once in its constructor. The environment has
 * it only in a process that was started for the service: one that waited as a warm spare was
 * started before anybody knew.
 */
@ProviderType
public interface HostInfo {
  /** The configured name of the service, for example {@code identity}. */
  String service();

  /** The number of this instance, from 1. */
  int instance();

  /** The id of the node this host belongs to. */
  String nodeId();

  /** The Unix socket that this process binds; callers use a stable link to it. */
  Path socket();

  /** The TCP port that it binds too; empty for none. */
  OptionalInt port();

  /**
   * The directory that the service keeps its data in, which exists; empty for a service whose
   * bundle declares {@code Blackhole-Data: none}.
   */
  Optional<Path> dataDirectory();
}
