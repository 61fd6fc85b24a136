package blackhole.orchestrator.supervision;

import blackhole.api.process.RunningProcess;
import blackhole.api.supervision.InstanceId;
import java.time.Duration;

/**
 * A process of an earlier orchestrator that is an instance's from now on.
 *
 * @param generation that it was; the next ones are counted from there
 * @param age since it was started
 */
public record Adoption(InstanceId id, long generation, RunningProcess process, Duration age) {}
