package blackhole.api.host;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A host that has no service yet: a warm spare. The boot code of such a host registers this as a
 * service instead of an {@link Assignment}. Thread-safe.
 */
@ProviderType
public interface Vacancy {
  /** Unique on this node, as {@link Assignment#hostId}. */
  String hostId();

  NodeHome home();

  /** How long to wait without an orchestrator before exiting. */
  Duration orphanTimeout();

  /**
   * Makes this the host that the file describes: from now on the log is that of its instance, and
   * then its {@link Assignment} is registered, which starts it. Returns when those who wait for one
   * have seen it.
   *
   * @param assignment as {@link AssignmentFile} writes it
   * @throws IOException when it cannot be read, is meant for another host, or its log cannot be
   *     opened
   * @throws IllegalStateException when this host has a service already
   */
  void fill(Path assignment) throws IOException;
}
