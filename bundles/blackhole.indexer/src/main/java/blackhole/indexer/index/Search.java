package blackhole.indexer.index;

import blackhole.indexer.call.IndexerException;
import blackhole.indexer.document.Kind;
import blackhole.indexer.index.Found.Hit;
import blackhole.indexer.index.Found.Place;
import blackhole.indexer.index.Found.Snippet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.ExitableDirectoryReader;
import org.apache.lucene.index.ExitableDirectoryReader.ExitingReaderException;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.SortedNumericSortField;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TotalHits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.automaton.TooComplexToDeterminizeException;
import org.jspecify.annotations.Nullable;

/**
 * One search, for one page. Hits of one rank are in the order of their CIDs, so that a page begins
 * behind a place, whatever became of the index since the page before.
 */
final class Search {
  private static final Sort BEST =
      new Sort(SortField.FIELD_SCORE, new SortField(Fields.CID, SortField.Type.STRING));
  private static final Sort NEWEST =
      new Sort(
          new SortedNumericSortField(Fields.STORED_AT, SortField.Type.LONG, true),
          new SortField(Fields.CID, SortField.Type.STRING));

  /** A text is read only where a snippet is made of it. */
  private static final Set<String> SHOWN =
      Set.of(Fields.CID, Fields.KIND, Fields.SIZE, Fields.STORED_AT, Fields.STORED_BY);

  private final Wanted wanted;
  private final Analyzer analyzer;
  private final Patience patience;
  private final Query query;

  /**
   * @throws IndexerException for a query that cannot be read
   */
  Search(Wanted wanted, Analyzer analyzer, Patience patience) {
    this.wanted = wanted;
    this.analyzer = analyzer;
    this.patience = patience;
    this.query = Queries.parse(wanted.query(), analyzer, false);
  }

  /**
   * @param whole of the whole index
   */
  Found in(IndexSearcher whole) throws IOException {
    try {
      IndexSearcher searcher =
          new IndexSearcher(
              ExitableDirectoryReader.wrap((DirectoryReader) whole.getIndexReader(), patience));
      searcher.setTimeout(patience);
      // one more than asked for, to see whether there is a next page
      TopDocs top =
          searcher.searchAfter(
              after(searcher), query, wanted.size() + 1, wanted.newest() ? NEWEST : BEST);
      if (searcher.timedOut()) {
        throw IndexerException.timedOut();
      }
      return found(searcher, top);
    } catch (ExitingReaderException e) {
      throw IndexerException.timedOut();
    } catch (IndexSearcher.TooManyClauses e) {
      throw Queries.tooManyClauses();
    } catch (TooComplexToDeterminizeException e) {
      throw IndexerException.invalid("query", "has wildcards that are too complex");
    }
  }

  private @Nullable FieldDoc after(IndexSearcher searcher) {
    if (wanted.after().isEmpty()) {
      return null;
    }
    Place place = wanted.after().get();
    Object rank = wanted.newest() ? (Object) (long) place.rank() : (Object) (float) place.rank();
    // the number tells which of equal ones follow: none, as a CID has one document
    int last = Math.max(0, searcher.getIndexReader().maxDoc() - 1);
    return new FieldDoc(last, Float.NaN, new Object[] {rank, new BytesRef(place.cid())});
  }

  private Found found(IndexSearcher searcher, TopDocs top) throws IOException {
    int size = Math.min(wanted.size(), top.scoreDocs.length);
    int[] numbers = new int[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = top.scoreDocs[i].doc;
    }
    List<List<Snippet>> snippets = snippets(searcher, numbers);
    List<Hit> hits = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      hits.add(hit(searcher, top.scoreDocs[i], snippets.get(i)));
    }
    Place next = top.scoreDocs.length > size && size > 0 ? place(top.scoreDocs[size - 1]) : null;
    return new Found(
        hits,
        top.totalHits.value,
        top.totalHits.relation == TotalHits.Relation.GREATER_THAN_OR_EQUAL_TO,
        next);
  }

  private List<List<Snippet>> snippets(IndexSearcher searcher, int[] numbers) throws IOException {
    if (wanted.snippets() == 0 || numbers.length == 0) {
      return Collections.nCopies(numbers.length, List.of());
    }
    Query shown = Queries.parse(wanted.query(), analyzer, true);
    return new Snippets(searcher, analyzer).of(shown, numbers, wanted.snippets());
  }

  private Hit hit(IndexSearcher searcher, ScoreDoc place, List<Snippet> snippets)
      throws IOException {
    Document document = searcher.storedFields().document(place.doc, SHOWN);
    return new Hit(
        document.get(Fields.CID),
        Kind.valueOf(document.get(Fields.KIND).toUpperCase(Locale.ROOT)),
        document.getField(Fields.SIZE).numericValue().longValue(),
        document.getField(Fields.STORED_AT).numericValue().longValue(),
        document.get(Fields.STORED_BY),
        wanted.newest() ? 0 : (float) place(place).rank(),
        snippets);
  }

  private static Place place(ScoreDoc hit) {
    Object[] fields = ((FieldDoc) hit).fields;
    return new Place(((Number) fields[0]).doubleValue(), ((BytesRef) fields[1]).utf8ToString());
  }
}
