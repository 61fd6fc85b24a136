package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceDetails;
import blackhole.api.supervision.InstanceStatus;

/**
 * What is known of an instance without working out how it is run.
 *
 * @param flaps whether its health goes up and down
 * @param counts since the orchestrator's start
 */
public record InstanceSummary(
    InstanceStatus status, boolean flaps, InstanceDetails.Counts counts) {}
