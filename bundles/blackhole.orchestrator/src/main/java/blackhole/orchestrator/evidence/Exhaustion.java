package blackhole.orchestrator.evidence;

import blackhole.api.supervision.FailureKind;
import java.util.List;
import java.util.Optional;

/**
 * What a process ran out of.
 *
 * @param words for a person, for example {@code out of memory (heap)}
 */
public record Exhaustion(FailureKind kind, String words) {
  /** The JVM's own last words begin so, and a host's too. */
  private static final String LAST_WORDS = "Terminating due to ";

  /** Found in the last lines of an output, in the newest of those that say anything. */
  public static Optional<Exhaustion> find(List<String> output) {
    return output.stream()
        .filter(line -> line.startsWith(LAST_WORDS))
        .reduce((older, newer) -> newer)
        .map(line -> of(line.substring(LAST_WORDS.length()).strip()));
  }

  /**
   * By what was thrown.
   *
   * @param thrown its class, and its message after a colon
   */
  static Exhaustion of(String thrown) {
    int colon = thrown.indexOf(": ");
    String detail = colon < 0 ? thrown : thrown.substring(colon + 2);
    if (detail.equals("Java heap space")) {
      return new Exhaustion(FailureKind.HEAP_OUT_OF_MEMORY, "out of memory (heap)");
    }
    if (detail.startsWith("GC overhead limit") || detail.contains("array ")) {
      return new Exhaustion(FailureKind.HEAP_OUT_OF_MEMORY, "out of memory (heap: " + detail + ")");
    }
    if (detail.equals("Metaspace") || detail.equals("Compressed class space")) {
      return new Exhaustion(FailureKind.METASPACE_OUT_OF_MEMORY, "out of memory (metaspace)");
    }
    // "direct buffer memory" in the JDK's words, "direct memory" in Netty's
    if (detail.contains("direct buffer memory") || detail.contains("direct memory")) {
      return new Exhaustion(
          FailureKind.DIRECT_OUT_OF_MEMORY, "out of memory (direct buffers: " + detail + ")");
    }
    if (detail.startsWith("unable to create native thread")) {
      return new Exhaustion(FailureKind.OUT_OF_THREADS, "out of threads (" + detail + ")");
    }
    if (detail.contains("open files")) {
      return new Exhaustion(FailureKind.OUT_OF_FILES, "out of file descriptors (" + detail + ")");
    }
    return new Exhaustion(FailureKind.OUT_OF_MEMORY, "out of memory (" + detail + ")");
  }
}
