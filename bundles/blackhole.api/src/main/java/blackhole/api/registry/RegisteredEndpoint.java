package blackhole.api.registry;

import blackhole.api.supervision.InstanceHealth;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One place where a service is served. It is in the registry from when it is ready until it is
 * about to drain, whatever its health.
 *
 * @param id unique for ever: the host's id, or {@code node/service} for another node's
 * @param instance from 1; 0 for another node's, which does not tell
 * @param nodeId the node it runs on
 * @param socket the stable path of its Unix socket; empty for another node's
 * @param host of its TCP address; empty when it has none
 * @param port of its TCP address; empty when it has none
 * @param certificateAuthority whom another node's certificate must be signed by; empty for this
 *     node's own authority
 * @param health the orchestrator's word
 * @param message why it is not healthy; empty when it is
 * @param lastSeen when it last answered a health check; {@link Instant#EPOCH} for never
 */
public record RegisteredEndpoint(
    String id,
    String service,
    int instance,
    Type type,
    String nodeId,
    Optional<Path> socket,
    Optional<String> host,
    OptionalInt port,
    Optional<Path> certificateAuthority,
    OptionalLong pid,
    InstanceHealth health,
    String message,
    Instant lastSeen) {
  /** Which node it is on. */
  public enum Type {
    LOCAL,
    REMOTE
  }

  /** The same, seen later. */
  public RegisteredEndpoint seen(Instant when) {
    return new RegisteredEndpoint(
        id,
        service,
        instance,
        type,
        nodeId,
        socket,
        host,
        port,
        certificateAuthority,
        pid,
        health,
        message,
        when);
  }

  /** Whether calls may go there: everything but what is known to fail. */
  public boolean isUsable() {
    return health.isUsable();
  }
}
