package blackhole.bench.update;

import java.nio.file.Path;
import java.util.List;

/**
 * A service whose two versions take each other's place while it is called.
 *
 * @param versions of its bundle; the first is the one that runs in the beginning
 * @param by the service that its calls go to: itself, or one that hands them on to it
 * @param watched the gRPC service whose health one of two clients watches
 * @param streams whether it has streams to follow
 */
record Scenario(
    String name,
    String service,
    List<Version> versions,
    String by,
    String watched,
    boolean rolling,
    boolean streams) {
  record Version(String version, Path file) {}

  /** With callers on the node, whose calls are handed on by a service. */
  boolean isRelayed() {
    return !by.equals(service);
  }
}
