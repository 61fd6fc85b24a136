package blackhole.telemetry.history;

/**
 * One value of a series.
 *
 * @param timeMillis when its step begins
 */
public record Point(long timeMillis, double value) {}
