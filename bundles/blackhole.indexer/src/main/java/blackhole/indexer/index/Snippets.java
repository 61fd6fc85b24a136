package blackhole.indexer.index;

import blackhole.indexer.index.Found.Part;
import blackhole.indexer.index.Found.Snippet;
import java.io.IOException;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.uhighlight.LengthGoalBreakIterator;
import org.apache.lucene.search.uhighlight.Passage;
import org.apache.lucene.search.uhighlight.PassageFormatter;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;

/**
 * The parts of texts that a query is about, as lists of parts rather than marked up: what a
 * document says can't be taken for markup then. Used by one thread.
 */
final class Snippets extends UnifiedHighlighter {
  private static final int LENGTH_GOAL_CHARS = 150;

  private static final float MATCH_IN_THE_MIDDLE = 0.5f;

  /** Of a text without a place to break it. */
  private static final int MAX_CHARS = 300;

  Snippets(IndexSearcher searcher, Analyzer analyzer) {
    super(
        new Builder(searcher, analyzer)
            .withMaxLength(Integer.MAX_VALUE - 1)
            .withMaxNoHighlightPassages(1)
            .withFormatter(new Parts())
            .withBreakIterator(
                () ->
                    LengthGoalBreakIterator.createClosestToLength(
                        BreakIterator.getWordInstance(Locale.ROOT),
                        LENGTH_GOAL_CHARS,
                        MATCH_IN_THE_MIDDLE)));
  }

  /** For each document, in their order, its best snippets; its beginning if none has a match. */
  List<List<Snippet>> of(Query query, int[] documents, int max) throws IOException {
    Object[] texts =
        highlightFieldsAsObjects(new String[] {Fields.TEXT}, query, documents, new int[] {max})
            .getOrDefault(Fields.TEXT, new Object[documents.length]);
    List<List<Snippet>> snippets = new ArrayList<>();
    for (Object text : texts) {
      snippets.add(text instanceof Formatted formatted ? formatted.snippets() : List.of());
    }
    return snippets;
  }

  private record Formatted(List<Snippet> snippets) {}

  private static final class Parts extends PassageFormatter {
    @Override
    public Object format(Passage[] passages, String text) {
      List<Snippet> snippets = new ArrayList<>();
      for (Passage passage : passages) {
        Snippet snippet = snippet(passage, text);
        if (!snippet.parts().isEmpty()) {
          snippets.add(snippet);
        }
      }
      return new Formatted(snippets);
    }

    private static Snippet snippet(Passage passage, String text) {
      List<Part> parts = new ArrayList<>();
      int end = Math.min(passage.getEndOffset(), passage.getStartOffset() + MAX_CHARS);
      int done = passage.getStartOffset();
      for (int i = 0; i < passage.getNumMatches(); i++) {
        // matches may overlap, and lie behind the end
        int from = Math.min(end, Math.max(done, passage.getMatchStarts()[i]));
        int to = Math.min(end, Math.max(from, passage.getMatchEnds()[i]));
        add(parts, text.substring(done, from), false);
        add(parts, text.substring(from, to), true);
        done = to;
      }
      add(parts, text.substring(done, end), false);
      return new Snippet(parts);
    }

    private static void add(List<Part> parts, String text, boolean match) {
      if (!text.isEmpty()) {
        parts.add(new Part(text, match));
      }
    }
  }
}
