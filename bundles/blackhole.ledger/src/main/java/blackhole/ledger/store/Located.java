package blackhole.ledger.store;

import blackhole.ledger.merkle.Hash;

/**
 * Where an entry is, as the index has it.
 *
 * @param offset where its frame begins
 * @param size bytes of its frame
 * @param leaf its hash
 */
record Located(long index, long offset, int size, Hash leaf) {
  /** Where the next frame begins. */
  long end() {
    return offset + size;
  }
}
