package blackhole.analytics.store;

import blackhole.analytics.count.Totals;

/**
 * What was counted in one window, or more.
 *
 * @param start of the first, Unix milliseconds
 */
public record Summary(long start, Totals totals) {}
