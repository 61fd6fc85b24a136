package blackhole.api.supervision;

import blackhole.api.process.CgroupCounters;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What the process of an instance uses, at one moment.
 *
 * @param sampledAt by the wall clock, when the system was asked
 * @param rssBytes resident memory
 * @param pssBytes its own memory, with its part of what it shares; measured less often than the
 *     rest, so it may be some samples old; empty until it was, or where the kernel does not tell
 * @param memoryLimitBytes what it may use in all, heap included; empty for no limit
 * @param cpuCores on average since the sample before; empty for the first
 * @param openFds open file descriptors
 * @param threads kernel threads
 * @param cgroup what its cgroups have counted; empty when it has none of its own
 * @param cpuTime user and system time since its start
 * @param jvm what its JVM last said of itself; empty until it did
 */
public record ProcessUsage(
    InstanceId id,
    long pid,
    Instant sampledAt,
    long rssBytes,
    OptionalLong pssBytes,
    OptionalLong memoryLimitBytes,
    OptionalDouble cpuCores,
    int openFds,
    int threads,
    Optional<CgroupCounters> cgroup,
    Duration cpuTime,
    Optional<JvmUsage> jvm) {}
