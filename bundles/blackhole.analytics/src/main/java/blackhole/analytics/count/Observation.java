package blackhole.analytics.count;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is counted of an event.
 *
 * @param position in the stream
 * @param timeMillis Unix milliseconds
 * @param bytes of its data
 * @param subject what it is about, where it says so
 * @param value its number, where it has one
 */
public record Observation(
    long position,
    String id,
    String type,
    String source,
    long timeMillis,
    int bytes,
    Optional<String> subject,
    OptionalDouble value) {}
