package blackhole.ledger.store;

import blackhole.ledger.merkle.Hash;

/**
 * The ledger as it was after a batch: all of it is synced.
 *
 * @param size how many entries it has
 * @param end where the next frame begins in the log
 * @param root the tree's
 * @param last the leaf hash of the last entry; {@link Hash#ZERO} without one
 * @param recordedAt when the last entry was recorded, in Unix milliseconds
 */
public record TreeState(long size, long end, Hash root, Hash last, long recordedAt) {
  static final TreeState EMPTY =
      new TreeState(0, EntryFile.BEGIN, Hash.EMPTY_TREE, Hash.ZERO, Long.MIN_VALUE);
}
