package blackhole.orchestrator.scaling;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What an instance uses, as parts of what it may use, 0 to 1. How much heap it really needs is
 * known after a collection of the old generation only; before the first, it is anything up to what
 * is in use.
 *
 * @param cpu of {@code max_cpu}, or of the whole machine where there is no limit
 * @param heapAtLeast of {@code -Xmx}
 * @param heapAtMost of {@code -Xmx}; as {@code heapAtLeast} where it is known
 */
record Load(double cpu, double heapAtLeast, double heapAtMost) {
  /** With a heap that is known. */
  Load(double cpu, double heap) {
    this(cpu, heap, heap);
  }

  /**
   * @param loads at least one
   */
  static Load mean(List<Load> loads) {
    return new Load(
        mean(loads, Load::cpu), mean(loads, Load::heapAtLeast), mean(loads, Load::heapAtMost));
  }

  private static double mean(List<Load> loads, ToDoubleFunction<Load> part) {
    return loads.stream().mapToDouble(part).average().orElseThrow();
  }
}
