package blackhole.ledger.merkle;

/** Where the hashes of complete subtrees are kept: those of 1, 2, 4, … leaves. */
@FunctionalInterface
public interface Nodes {
  /**
   * The hash of the subtree with 2^level leaves that has {@code index} such subtrees before it. It
   * never changes.
   */
  Hash node(int level, long index);
}
