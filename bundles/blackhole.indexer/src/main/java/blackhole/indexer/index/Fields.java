package blackhole.indexer.index;

import blackhole.indexer.document.JsonValue;
import java.util.Locale;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.util.BytesRef;

/** A document's fields in the index. */
final class Fields {
  static final String TEXT = "text";
  static final String CID = "cid";
  static final String KIND = "kind";
  static final String STORED_BY = "stored_by";
  static final String SIZE = "size";
  static final String STORED_AT = "stored_at";

  /** All values of JSON documents are in one field, however many paths there are. */
  static final String JSON = "json";

  /** Which building of the index it was last seen in; not for users. */
  static final String GENERATION = "generation";

  /** With offsets, so that snippets need no second analysis. */
  private static final FieldType SHOWN = new FieldType(TextField.TYPE_STORED);

  static {
    SHOWN.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS_AND_OFFSETS);
    SHOWN.freeze();
  }

  private Fields() {}

  static Document document(Entry entry, long generation) {
    Document document = new Document();
    document.add(new StringField(CID, entry.cid(), Field.Store.YES));
    document.add(new SortedDocValuesField(CID, new BytesRef(entry.cid())));
    String kind = entry.content().kind().name().toLowerCase(Locale.ROOT);
    document.add(new StringField(KIND, kind, Field.Store.YES));
    document.add(new StringField(STORED_BY, entry.storedBy(), Field.Store.YES));
    document.add(new LongField(SIZE, entry.sizeBytes(), Field.Store.YES));
    document.add(new LongField(STORED_AT, entry.storedAtSeconds(), Field.Store.YES));
    document.add(new LongField(GENERATION, generation, Field.Store.NO));
    document.add(new Field(TEXT, entry.content().text(), SHOWN));
    for (JsonValue value : entry.content().values()) {
      document.add(
          new TextField(JSON, JsonAnalyzer.value(value.path(), value.text()), Field.Store.NO));
    }
    return document;
  }
}
