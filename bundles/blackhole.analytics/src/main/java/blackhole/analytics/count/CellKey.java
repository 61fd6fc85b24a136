package blackhole.analytics.count;

/**
 * The events of one type in one window.
 *
 * @param start of the window, Unix milliseconds
 */
public record CellKey(Window window, long start, String type) {}
