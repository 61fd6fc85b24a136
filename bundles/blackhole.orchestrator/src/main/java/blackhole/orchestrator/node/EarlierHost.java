package blackhole.orchestrator.node;

import blackhole.api.host.Assignment;
import blackhole.api.supervision.InstanceId;
import blackhole.control.v1.Ready;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A host that an earlier orchestrator started, that lives, and that does what this one wants of its
 * instance.
 *
 * @param assignment what it was told to be
 * @param ready what it said when it was READY; empty when it was not yet
 */
record EarlierHost(
    HostRecord record, HostRecord.Duty duty, Assignment assignment, Optional<Ready> ready) {
  InstanceId id() {
    return new InstanceId(assignment.service(), assignment.instance());
  }

  /** Since its start, as the wall clock has it: nothing else is known across processes. */
  Duration age() {
    return ProcessHandle.of(record.process().pid())
        .flatMap(process -> process.info().startInstant())
        .map(start -> Duration.between(start, Instant.now()))
        .filter(age -> !age.isNegative())
        .orElse(Duration.ZERO);
  }
}
