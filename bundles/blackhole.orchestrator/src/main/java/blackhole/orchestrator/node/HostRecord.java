package blackhole.orchestrator.node;

import blackhole.api.process.ProcessIdentity;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A host that runs, as the next orchestrator must know it to tell it from a stranger, and to take
 * it over.
 *
 * @param token what the process has in its environment, and nobody else
 * @param socket the socket that it binds; of a spare, the one that it warms up with
 * @param link the stable path that points there
 * @param made what its JVM was made for, for good
 * @param duty empty for a spare, and for one that trains a class-data archive
 */
record HostRecord(
    String hostId,
    ProcessIdentity process,
    String token,
    Path socket,
    Path link,
    Made made,
    Optional<Duty> duty) {
  /**
   * What stays as it is until the next process.
   *
   * @param memoryBytes that its heap was sized for
   * @param jvmArgs as configured
   */
  record Made(long memoryBytes, List<String> jvmArgs) {
    Made {
      jvmArgs = List.copyOf(jvmArgs);
    }
  }

  /**
   * An instance's.
   *
   * @param callToken what it shows other hosts
   */
  record Duty(long generation, String callToken) {}

  /** The same process, as an instance's. */
  HostRecord on(Duty taken, Path boundSocket, Path stableLink) {
    return new HostRecord(
        hostId, process, token, boundSocket, stableLink, made, Optional.of(taken));
  }
}
