package blackhole.ledger.merkle;

import java.util.List;

/** What a client does with proofs: RFC 9162, 2.1.3.2 and 2.1.4.2. */
public final class Proofs {
  private Proofs() {}

  /** Whether the path proves that this leaf is in the tree with this root. */
  public static boolean inclusion(long index, long size, Hash leaf, List<Hash> path, Hash root) {
    if (index < 0 || index >= size) {
      return false;
    }
    long node = index;
    long last = size - 1;
    Hash hash = leaf;
    for (Hash sibling : path) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        hash = Hash.node(sibling, hash);
        while ((node & 1) == 0 && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        hash = Hash.node(hash, sibling);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && hash.equals(root);
  }

  /** Whether the path proves that the second tree begins with all of the first. */
  public static boolean consistency(
      long first, long second, Hash firstRoot, Hash secondRoot, List<Hash> path) {
    if (first < 1 || first > second) {
      return false;
    }
    if (first == second) {
      return path.isEmpty() && firstRoot.equals(secondRoot);
    }
    if (path.isEmpty()) {
      return false;
    }
    // a first tree that is a complete subtree of the second is not repeated in the path
    boolean complete = Long.bitCount(first) == 1;
    long node = first - 1;
    long last = second - 1;
    while ((node & 1) == 1) {
      node >>= 1;
      last >>= 1;
    }
    Hash fromFirst = complete ? firstRoot : path.get(0);
    Hash fromSecond = fromFirst;
    for (Hash hash : path.subList(complete ? 0 : 1, path.size())) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        fromFirst = Hash.node(hash, fromFirst);
        fromSecond = Hash.node(hash, fromSecond);
        while ((node & 1) == 0 && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        fromSecond = Hash.node(fromSecond, hash);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && fromFirst.equals(firstRoot) && fromSecond.equals(secondRoot);
  }
}
