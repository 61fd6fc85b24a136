package blackhole.api.process;

import java.time.Duration;

/**
 * One look at a process.
 *
 * @param rssBytes resident memory
 * @param cpuTime user and system time since its start
 * @param openFds open file descriptors
 * @param threads kernel threads
 */
public record ProcessSample(long rssBytes, Duration cpuTime, int openFds, int threads) {}
