/** The index, on Lucene. Knows neither gRPC nor where documents come from. */
@NullMarked
package blackhole.indexer.index;

import org.jspecify.annotations.NullMarked;
