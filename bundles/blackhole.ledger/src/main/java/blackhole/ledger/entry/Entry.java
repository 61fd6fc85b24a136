package blackhole.ledger.entry;

import blackhole.ledger.merkle.Hash;

/**
 * What was recorded.
 *
 * @param index its place in the ledger, from 0
 * @param recordedAt Unix milliseconds
 * @param previous the leaf hash of the entry before
 * @param leaf the hash of this one
 */
public record Entry(long index, long recordedAt, Hash previous, Draft draft, Hash leaf) {}
