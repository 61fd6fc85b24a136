package blackhole.indexer.index;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * Analyzes a JSON value as text, with its path before each word: one field holds them all, and a
 * word is found at its path alone. A field for each path would let a few documents with many names
 * grow the index's own memory without a bound.
 */
final class JsonAnalyzer extends Analyzer {
  private static final char END_OF_PATH = '\0';

  /** So that no phrase reaches from one value into the next. */
  private static final int GAP = 100;

  /** What is handed to the analyzer. */
  static String value(String path, String text) {
    return term(path.replace(END_OF_PATH, ' '), text);
  }

  /** How a word at a path stands in the index. */
  static String term(String path, String word) {
    return path + END_OF_PATH + word;
  }

  @Override
  protected TokenStreamComponents createComponents(String field) {
    StandardTokenizer words = new StandardTokenizer();
    PathFilter withPath = new PathFilter(new LowerCaseFilter(words));
    return new TokenStreamComponents(
        reader -> {
          withPath.path = path(reader);
          words.setReader(reader);
        },
        withPath);
  }

  private static String path(Reader reader) {
    StringBuilder path = new StringBuilder();
    try {
      for (int c = reader.read(); c > END_OF_PATH; c = reader.read()) {
        path.append((char) c);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a string is no file", e);
    }
    return path.append(END_OF_PATH).toString();
  }

  @Override
  protected TokenStream normalize(String field, TokenStream word) {
    return new LowerCaseFilter(word);
  }

  @Override
  public int getPositionIncrementGap(String field) {
    return GAP;
  }

  private static final class PathFilter extends TokenFilter {
    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
    private String path = "";

    PathFilter(TokenStream input) {
      super(input);
    }

    @Override
    public boolean incrementToken() throws IOException {
      if (!input.incrementToken()) {
        return false;
      }
      String word = term.toString();
      term.setEmpty().append(path).append(word);
      return true;
    }
  }
}
