package blackhole.identity.password;

/**
 * What one Argon2id hash costs.
 *
 * @param memoryKib in KiB, at least 8 for each lane
 */
public record HashCost(int memoryKib, int iterations, int parallelism) {
  public static final int MAX_ITERATIONS = 100;
  public static final int MAX_PARALLELISM = 64;
  public static final int MAX_MEMORY_KIB = 4 << 20;

  public HashCost {
    if (parallelism < 1 || parallelism > MAX_PARALLELISM) {
      throw new IllegalArgumentException("parallelism must be from 1 to " + MAX_PARALLELISM);
    }
    if (iterations < 1 || iterations > MAX_ITERATIONS) {
      throw new IllegalArgumentException("iterations must be from 1 to " + MAX_ITERATIONS);
    }
    if (memoryKib < 8 * parallelism || memoryKib > MAX_MEMORY_KIB) {
      throw new IllegalArgumentException(
          "memory must be from " + 8 * parallelism + " to " + MAX_MEMORY_KIB + " KiB");
    }
  }

  public long memoryBytes() {
    return memoryKib * 1024L;
  }
}
