package blackhole.telemetry.history;

import java.util.Map;

/**
 * What one instance said at one time.
 *
 * @param timeMillis Unix milliseconds
 */
public record Sample(long timeMillis, Map<String, Double> metrics) {}
