package blackhole.indexer.index;

import java.util.Optional;

/**
 * A search.
 *
 * @param query in the words of the query language
 * @param size of the page, at least 1
 * @param after the place that it follows; empty for the first page
 * @param newest the latest first, rather than the best
 * @param snippets of a hit at most; 0 for none
 */
public record Wanted(
    String query, int size, Optional<Found.Place> after, boolean newest, int snippets) {}
