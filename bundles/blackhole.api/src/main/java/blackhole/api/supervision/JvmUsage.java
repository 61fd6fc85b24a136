package blackhole.api.supervision;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a host's JVM says of itself.
 *
 * @param heapUsedBytes garbage that was not collected yet is part of it
 * @param heapMaxBytes as {@code -Xmx} says
 * @param heapAfterGcBytes what the last collection of the old generation left there: the memory
 *     that is really needed; empty before the first
 * @param metaspaceBytes classes, in use
 * @param directBytes direct buffers that the JVM counts; those that Netty allocates past it are not
 *     among them
 * @param gcCount collections since the start
 * @param gcTime spent on them
 * @param threads platform threads, daemons too
 * @param virtualThreads those that run or could; empty before JDK 24, which is the first to tell
 */
public record JvmUsage(
    long heapUsedBytes,
    long heapMaxBytes,
    OptionalLong heapAfterGcBytes,
    long metaspaceBytes,
    long directBytes,
    long gcCount,
    Duration gcTime,
    int threads,
    OptionalInt virtualThreads) {}
