/** The node's own secrets: the keys that sign tokens, and the one that seals users' keys. */
@NullMarked
package blackhole.identity.key;

import org.jspecify.annotations.NullMarked;
