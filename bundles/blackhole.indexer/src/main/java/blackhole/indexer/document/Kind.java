package blackhole.indexer.document;

/** What a blob is, by its bytes. */
public enum Kind {
  TEXT,
  JSON
}
