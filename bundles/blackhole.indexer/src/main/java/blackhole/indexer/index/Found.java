package blackhole.indexer.index;

import blackhole.indexer.document.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a search.
 *
 * @param total of all pages
 * @param moreThanTotal the total is a lower bound
 * @param next the last hit's place; what asks for the next page. Null after the last one
 */
public record Found(List<Hit> hits, long total, boolean moreThanTotal, @Nullable Place next) {
  /** A document. */
  public record Hit(
      String cid,
      Kind kind,
      long sizeBytes,
      long storedAtSeconds,
      String storedBy,
      float score,
      List<Snippet> snippets) {}

  /** A piece of a document's text. */
  public record Snippet(List<Part> parts) {}

  /** A piece of a snippet. */
  public record Part(String text, boolean match) {}

  /**
   * Where a hit stands.
   *
   * @param rank its score, or when it was stored, as the order has it
   * @param cid which comes first of those with one rank
   */
  public record Place(double rank, String cid) {}
}
