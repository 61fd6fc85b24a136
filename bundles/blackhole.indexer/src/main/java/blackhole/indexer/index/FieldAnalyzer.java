package blackhole.indexer.index;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.DelegatingAnalyzerWrapper;
import org.apache.lucene.analysis.standard.StandardAnalyzer;

/** Words as Unicode has them, in lower case, of any language, and none left out. */
final class FieldAnalyzer extends DelegatingAnalyzerWrapper {
  private final Analyzer text = new StandardAnalyzer();
  private final Analyzer json = new JsonAnalyzer();

  FieldAnalyzer() {
    super(PER_FIELD_REUSE_STRATEGY);
  }

  @Override
  protected Analyzer getWrappedAnalyzer(String field) {
    return field.equals(Fields.JSON) ? json : text;
  }

  @Override
  public void close() {
    super.close();
    text.close();
    json.close();
  }
}
