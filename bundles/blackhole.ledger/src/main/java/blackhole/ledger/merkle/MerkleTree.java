package blackhole.ledger.merkle;

import java.util.ArrayList;
import java.util.List;

/**
 * Roots and proofs of a tree, and of every tree that it was before, as RFC 9162 defines them in
 * 2.1. What is read are complete subtrees, about as many as the tree has levels.
 */
public final class MerkleTree {
  private MerkleTree() {}

  /** The root when it had so many leaves. */
  public static Hash root(Nodes nodes, long size) {
    return size == 0 ? Hash.EMPTY_TREE : hash(nodes, 0, size);
  }

  /**
   * What proves that a leaf is in the tree, from its sibling up.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static List<Hash> inclusion(Nodes nodes, long index, long size) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("no leaf " + index + " in a tree of " + size);
    }
    List<Hash> path = new ArrayList<>();
    addPath(nodes, index, 0, size, path);
    return path;
  }

  private static void addPath(Nodes nodes, long index, long begin, long end, List<Hash> path) {
    if (end - begin == 1) {
      return;
    }
    long middle = begin + split(end - begin);
    if (index < middle) {
      addPath(nodes, index, begin, middle, path);
      path.add(hash(nodes, middle, end));
    } else {
      addPath(nodes, index, middle, end, path);
      path.add(hash(nodes, begin, middle));
    }
  }

  /**
   * What proves that the tree of the second size begins with the one of the first.
   *
   * @throws IllegalArgumentException unless 0 &lt; first ≤ second
   */
  public static List<Hash> consistency(Nodes nodes, long first, long second) {
    if (first < 1 || first > second) {
      throw new IllegalArgumentException("no tree of " + first + " within one of " + second);
    }
    List<Hash> path = new ArrayList<>();
    addSubproof(nodes, first, 0, second, true, path);
    return path;
  }

  /**
   * @param known whether the verifier has the hash of the whole range: it is the first tree
   */
  private static void addSubproof(
      Nodes nodes, long first, long begin, long end, boolean known, List<Hash> path) {
    if (first == end) {
      if (!known) {
        path.add(hash(nodes, begin, end));
      }
      return;
    }
    long middle = begin + split(end - begin);
    if (first <= middle) {
      addSubproof(nodes, first, begin, middle, known, path);
      path.add(hash(nodes, middle, end));
    } else {
      addSubproof(nodes, first, middle, end, false, path);
      path.add(hash(nodes, begin, middle));
    }
  }

  /** Of a range that is one of the tree's own: it begins at a multiple of what it is split into. */
  private static Hash hash(Nodes nodes, long begin, long end) {
    long size = end - begin;
    if (Long.bitCount(size) == 1) {
      int level = Long.numberOfTrailingZeros(size);
      return nodes.node(level, begin >> level);
    }
    long middle = begin + split(size);
    return Hash.node(hash(nodes, begin, middle), hash(nodes, middle, end));
  }

  /** The largest power of two that is smaller. */
  private static long split(long size) {
    return Long.highestOneBit(size - 1);
  }
}
