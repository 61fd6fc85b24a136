/** {@code did:key} by its specification: identifiers, multibase, documents. */
@NullMarked
package blackhole.identity.did;

import org.jspecify.annotations.NullMarked;
