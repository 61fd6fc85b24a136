/** Content identifiers. */
@NullMarked
package blackhole.storage.cid;

import org.jspecify.annotations.NullMarked;
