package blackhole.indexer.index;

import blackhole.indexer.call.IndexerException;
import java.util.Locale;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.LongField;
import org.apache.lucene.index.Term;
import org.apache.lucene.queryparser.classic.ParseException;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.WildcardQuery;
import org.jspecify.annotations.Nullable;

/**
 * The query language: Lucene's, with the index's fields and no others, and without what could be
 * made to take for ever. One is made for each query.
 */
final class Queries extends QueryParser {
  private static final String JSON_PREFIX = Fields.JSON + ".";
  private static final Set<String> WORDS = Set.of(Fields.CID, Fields.KIND, Fields.STORED_BY);
  private static final Set<String> NUMBERS = Set.of(Fields.SIZE, Fields.STORED_AT);

  /** The parser calls itself for each; nobody writes so many by hand. */
  private static final int MAX_PARENTHESES = 50;

  /** What is asked of a JSON path is asked of the text: that is where a snippet shows it. */
  private final boolean forSnippets;

  private Queries(Analyzer analyzer, boolean forSnippets) {
    super(Fields.TEXT, analyzer);
    this.forSnippets = forSnippets;
    setDefaultOperator(Operator.AND);
  }

  /**
   * @param forSnippets what to look for in the text of documents that were found
   * @throws IndexerException naming the request's field
   */
  static Query parse(String query, Analyzer analyzer, boolean forSnippets) {
    if (query.isBlank()) {
      return new MatchAllDocsQuery();
    }
    if (query.chars().filter(c -> c == '(').count() > MAX_PARENTHESES) {
      throw invalid("has more than " + MAX_PARENTHESES + " parentheses");
    }
    try {
      return new Queries(analyzer, forSnippets).parse(query);
    } catch (ParseException e) {
      throw invalid("cannot be read: " + firstLine(e));
    } catch (IndexSearcher.TooManyClauses e) {
      throw tooManyClauses();
    }
  }

  static IndexerException tooManyClauses() {
    return invalid("has more than " + IndexSearcher.getMaxClauseCount() + " clauses");
  }

  private static IndexerException invalid(String description) {
    return IndexerException.invalid("query", description);
  }

  /** The parser's own words come after the query, and before a list of all that it knows. */
  private static String firstLine(ParseException e) {
    Throwable cause = e.getCause();
    String message = String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
    return message.lines().findFirst().orElse("no reason given");
  }

  @Override
  protected Query getFieldQuery(String field, String text, boolean quoted) throws ParseException {
    if (field.startsWith(JSON_PREFIX)) {
      String path = path(field);
      return forSnippets
          ? orNothing(super.getFieldQuery(Fields.TEXT, text, quoted))
          : orNothing(super.getFieldQuery(Fields.JSON, JsonAnalyzer.value(path, text), quoted));
    }
    if (WORDS.contains(field)) {
      return new TermQuery(new Term(field, word(field, text)));
    }
    if (NUMBERS.contains(field)) {
      long number = number(field, text);
      return LongField.newExactQuery(field, number);
    }
    return orNothing(super.getFieldQuery(known(field), text, quoted));
  }

  /** Of a text without a word in it nothing can be found, rather than everything. */
  private static Query orNothing(@Nullable Query query) {
    return query == null ? new MatchNoDocsQuery("no word") : query;
  }

  @Override
  protected Query getRangeQuery(
      String field,
      @Nullable String from,
      @Nullable String to,
      boolean includingFrom,
      boolean includingTo)
      throws ParseException {
    if (!NUMBERS.contains(field)) {
      throw new ParseException("'" + field + "' has no ranges; size and stored_at have");
    }
    long low = from == null ? Long.MIN_VALUE : number(field, from);
    long high = to == null ? Long.MAX_VALUE : number(field, to);
    boolean above = from != null && !includingFrom;
    boolean below = to != null && !includingTo;
    if ((above && low == Long.MAX_VALUE) || (below && high == Long.MIN_VALUE)) {
      return new MatchNoDocsQuery("an empty range");
    }
    return LongField.newRangeQuery(field, above ? low + 1 : low, below ? high - 1 : high);
  }

  @Override
  protected Query getPrefixQuery(String field, String text) throws ParseException {
    if (field.startsWith(JSON_PREFIX)) {
      return forSnippets
          ? super.getPrefixQuery(Fields.TEXT, text)
          : new PrefixQuery(
              new Term(Fields.JSON, JsonAnalyzer.term(path(field), text.toLowerCase(Locale.ROOT))));
    }
    if (WORDS.contains(field)) {
      return new PrefixQuery(new Term(field, text));
    }
    return super.getPrefixQuery(known(field), text);
  }

  @Override
  protected Query getWildcardQuery(String field, String text) throws ParseException {
    if (field.startsWith(JSON_PREFIX)) {
      if (forSnippets) {
        return super.getWildcardQuery(Fields.TEXT, text);
      }
      String path = path(field).replaceAll("([\\\\*?])", "\\\\$1");
      return new WildcardQuery(
          new Term(Fields.JSON, JsonAnalyzer.term(path, text.toLowerCase(Locale.ROOT))));
    }
    if (WORDS.contains(field)) {
      return new WildcardQuery(new Term(field, text));
    }
    // *:* is all documents
    return super.getWildcardQuery(field.equals("*") ? field : known(field), text);
  }

  @Override
  protected Query getFuzzyQuery(String field, String text, float similarity) throws ParseException {
    if (field.startsWith(JSON_PREFIX) || WORDS.contains(field)) {
      throw new ParseException("'" + field + "' takes no fuzzy~ words; text does");
    }
    return super.getFuzzyQuery(known(field), text, similarity);
  }

  @Override
  protected Query getRegexpQuery(String field, String text) throws ParseException {
    throw new ParseException("regular expressions are not taken; a slash is written \\/");
  }

  private static String known(String field) throws ParseException {
    if (!field.equals(Fields.TEXT)) {
      throw new ParseException(
          "no field '"
              + field
              + "'; there are cid, kind, size, stored_at, stored_by, text, and json.NAME");
    }
    return field;
  }

  private static String path(String field) {
    return field.substring(JSON_PREFIX.length());
  }

  private static String word(String field, String text) {
    return field.equals(Fields.KIND) ? text.toLowerCase(Locale.ROOT) : text;
  }

  private static long number(String field, String text) throws ParseException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new ParseException("'" + field + "' takes whole numbers, not '" + text + "'");
    }
  }
}
