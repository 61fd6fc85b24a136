package blackhole.api.process;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the control groups of a process have counted since they were made: of all processes in them,
 * where there are several. A counter is empty where its controller, or the kernel, has none.
 *
 * @param throttledPeriods periods in which the group had used up its CPU quota
 * @param throttledTime how long its threads were kept from running for that
 * @param oomKills processes of the group that were killed for its memory limit
 */
public record CgroupCounters(
    OptionalLong throttledPeriods, Optional<Duration> throttledTime, OptionalLong oomKills) {}
