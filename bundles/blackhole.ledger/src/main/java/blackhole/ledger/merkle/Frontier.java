package blackhole.ledger.merkle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The right edge of a growing tree: one complete subtree for each bit that is set in its size,
 * which is all that it takes to add a leaf, and to tell the root. Not thread-safe.
 */
public final class Frontier {
  private static final int LEVELS = 63;

  /** A subtree that became complete. */
  public record Completed(int level, long index, Hash hash) {}

  private final @Nullable Hash[] peaks;
  private long size;

  private Frontier(@Nullable Hash[] peaks, long size) {
    this.peaks = peaks;
    this.size = size;
  }

  /** Of a tree that is there. */
  public static Frontier of(Nodes nodes, long size) {
    @Nullable Hash[] peaks = new Hash[LEVELS];
    for (int level = 0; level < LEVELS; level++) {
      if ((size >> level & 1) == 1) {
        peaks[level] = nodes.node(level, (size >> level) - 1);
      }
    }
    return new Frontier(peaks, size);
  }

  public Frontier copy() {
    return new Frontier(peaks.clone(), size);
  }

  public long size() {
    return size;
  }

  /**
   * Adds a leaf.
   *
   * @return all subtrees that it completes, from the leaf itself up
   */
  public List<Completed> add(Hash leaf) {
    List<Completed> completed = new ArrayList<>();
    Hash hash = leaf;
    int level = 0;
    completed.add(new Completed(level, size, hash));
    for (Hash left = peaks[level]; left != null; left = peaks[level]) {
      peaks[level] = null;
      hash = Hash.node(left, hash);
      level++;
      completed.add(new Completed(level, size >> level, hash));
    }
    peaks[level] = hash;
    size++;
    return completed;
  }

  public Hash root() {
    Hash root = null;
    for (Hash peak : peaks) {
      if (peak != null) {
        root = root == null ? peak : Hash.node(peak, root);
      }
    }
    return root == null ? Hash.EMPTY_TREE : root;
  }
}
