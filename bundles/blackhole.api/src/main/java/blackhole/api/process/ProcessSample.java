package blackhole.api.process;

import java.time.Duration;
import java.util.Optional;

/**
 * One look at a process.
 *
 * @param rssBytes resident memory
 * @param cpuTime user and system time since its start
 * @param openFds open file descriptors
 * @param threads kernel threads
 * @param cgroup what its cgroups have counted; empty when it is in none but the root
 */
public record ProcessSample(
    long rssBytes, Duration cpuTime, int openFds, int threads, Optional<CgroupCounters> cgroup) {}
