package blackhole.identity.password;

/**
 * How much heap hashes may take at once, and how many may run.
 *
 * @param bytes for all hashes together: half of the heap, the rest is for everything else
 * @param workers at once: as many as fit into the bytes, but no more than the processors can run
 *     (more would take memory and end no sooner)
 */
public record HashBudget(long bytes, int workers) {
  /**
   * @throws IllegalArgumentException if one hash alone would take more than three quarters of the
   *     heap, which sooner or later ends the process
   */
  public static HashBudget of(long maxHeapBytes, HashCost cost, int processors) {
    if (cost.memoryBytes() > largest(maxHeapBytes)) {
      throw new IllegalArgumentException(
          "one hash would take "
              + cost.memoryBytes()
              + " bytes of a heap of "
              + maxHeapBytes
              + ", at most three quarters are allowed");
    }
    long bytes = Math.max(maxHeapBytes / 2, cost.memoryBytes());
    long fitting = Math.max(1, bytes / cost.memoryBytes());
    return new HashBudget(bytes, (int) Math.min(fitting, Math.max(1, processors)));
  }

  private static long largest(long maxHeapBytes) {
    return maxHeapBytes / 4 * 3;
  }
}
