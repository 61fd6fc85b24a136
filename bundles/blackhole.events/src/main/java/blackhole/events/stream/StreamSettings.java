package blackhole.events.stream;

import java.time.Duration;

/**
 * How a stream is kept and served.
 *
 * @param segmentBytes of a file of the log, about
 * @param retentionBytes of the whole log, about
 * @param retentionAge of an event, about
 * @param sync whether an event is on disk when it is acknowledged; else it is with the operating
 *     system
 * @param cacheBytes of the last events in memory
 * @param duplicateWindow how many events' sources and ids are remembered
 * @param buffer how many events may wait for a subscriber that doesn't say
 * @param maxSubscribers at once
 * @param maxGroups that are kept, with or without subscribers
 */
public record StreamSettings(
    long segmentBytes,
    long retentionBytes,
    Duration retentionAge,
    boolean sync,
    long cacheBytes,
    int duplicateWindow,
    int buffer,
    int maxSubscribers,
    int maxGroups) {}
