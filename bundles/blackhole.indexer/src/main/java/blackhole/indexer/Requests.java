package blackhole.indexer;

import static java.nio.charset.StandardCharsets.UTF_8;

import blackhole.indexer.call.IndexerException;
import blackhole.indexer.call.IndexerException.Violation;
import blackhole.indexer.index.Found.Place;
import blackhole.indexer.index.Wanted;
import blackhole.indexer.v1.Order;
import blackhole.indexer.v1.SearchRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks requests, every field of them, and gives what the index wants. */
final class Requests {
  private static final int MAX_QUERY_BYTES = 1000;
  private static final int DEFAULT_PAGE = 10;
  private static final int LARGEST_PAGE = 100;
  private static final int DEFAULT_SNIPPETS = 3;
  private static final int MOST_SNIPPETS = 10;
  private static final int NO_SNIPPETS = -1;

  private final List<Violation> violations = new ArrayList<>();

  private Requests() {}

  /**
   * @throws IndexerException for a request that is not valid
   */
  static Wanted wanted(SearchRequest request) {
    Requests check = new Requests();
    boolean newest = check.newest(request);
    check.require(
        request.getQuery().getBytes(UTF_8).length <= MAX_QUERY_BYTES,
        "query",
        "must have up to " + MAX_QUERY_BYTES + " bytes");
    check.require(request.getPageSize() >= 0, "page_size", "must not be negative");
    check.require(
        request.getSnippets() >= NO_SNIPPETS && request.getSnippets() <= MOST_SNIPPETS,
        "snippets",
        "must be from " + NO_SNIPPETS + " to " + MOST_SNIPPETS);
    Optional<Place> after = Optional.empty();
    if (!request.getPageToken().isEmpty()) {
      after = PageTokens.read(request.getPageToken(), request.getQuery(), newest);
      check.require(
          after.isPresent(),
          "page_token",
          "must be the next_page_token of an answer to this query in this order");
    }
    check.end();
    int size = request.getPageSize() == 0 ? DEFAULT_PAGE : request.getPageSize();
    return new Wanted(
        request.getQuery(),
        Math.min(LARGEST_PAGE, size),
        after,
        newest,
        snippets(request.getSnippets()));
  }

  private boolean newest(SearchRequest request) {
    require(
        request.getOrder() != Order.UNRECOGNIZED,
        "order",
        "is none of those that are known: " + request.getOrderValue());
    return request.getOrder() == Order.NEWEST;
  }

  private static int snippets(int asked) {
    return switch (asked) {
      case 0 -> DEFAULT_SNIPPETS;
      case NO_SNIPPETS -> 0;
      default -> asked;
    };
  }

  private void require(boolean holds, String field, String otherwise) {
    if (!holds) {
      violations.add(new Violation(field, otherwise));
    }
  }

  private void end() {
    if (!violations.isEmpty()) {
      throw IndexerException.invalid(violations);
    }
  }
}
