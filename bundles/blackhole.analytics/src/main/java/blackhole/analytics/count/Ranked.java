package blackhole.analytics.count;

/**
 * A text, and how often it came.
 *
 * @param count not less than it was
 * @param overcount by how much it may be too large at most
 */
public record Ranked(String name, long count, long overcount) {}
