package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceId;
import java.util.Optional;

/**
 * An instance that serves while the others of its service are replaced.
 *
 * @param id empty when there cannot be one
 * @param problem why there is none, or why it does not serve; empty when it does
 */
public record StandIn(Optional<InstanceId> id, Optional<String> problem) {}
