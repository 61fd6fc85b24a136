/** What a blob says: its kind and its text. Knows neither storage nor Lucene. */
@NullMarked
package blackhole.indexer.document;

import org.jspecify.annotations.NullMarked;
