/** How documents get into the index: from events, and from the list of all blobs. */
@NullMarked
package blackhole.indexer.feed;

import org.jspecify.annotations.NullMarked;
