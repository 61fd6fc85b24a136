/** The Merkle tree of RFC 6962 and RFC 9162: hashes, proofs, and their verification. */
@NullMarked
package blackhole.ledger.merkle;

import org.jspecify.annotations.NullMarked;
