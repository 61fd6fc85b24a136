package blackhole.orchestrator.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.api.supervision.FailureKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExhaustionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          java.lang.OutOfMemoryError: Java heap space | HEAP_OUT_OF_MEMORY | out of memory (heap)
          java.lang.OutOfMemoryError: GC overhead limit exceeded | HEAP_OUT_OF_MEMORY | out of memory (heap: GC overhead limit exceeded)
          java.lang.OutOfMemoryError: Requested array size exceeds VM limit | HEAP_OUT_OF_MEMORY | out of memory (heap: Requested array size exceeds VM limit)
          java.lang.OutOfMemoryError: Metaspace | METASPACE_OUT_OF_MEMORY | out of memory (metaspace)
          java.lang.OutOfMemoryError: Compressed class space | METASPACE_OUT_OF_MEMORY | out of memory (metaspace)
          java.lang.OutOfMemoryError: Cannot reserve 9 bytes of direct buffer memory (allocated: 8, limit: 8) | DIRECT_OUT_OF_MEMORY | out of memory (direct buffers: Cannot reserve 9 bytes of direct buffer memory (allocated: 8, limit: 8))
          io.netty.util.internal.OutOfDirectMemoryError: failed to allocate 9 byte(s) of direct memory (used: 8, max: 8) | DIRECT_OUT_OF_MEMORY | out of memory (direct buffers: failed to allocate 9 byte(s) of direct memory (used: 8, max: 8))
          java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached | OUT_OF_THREADS | out of threads (unable to create native thread: possibly out of memory or process/resource limits reached)
          java.io.IOException: Too many open files (of 512) | OUT_OF_FILES | out of file descriptors (Too many open files (of 512))
          java.lang.OutOfMemoryError: Unable to allocate 99 bytes | OUT_OF_MEMORY | out of memory (Unable to allocate 99 bytes)
          java.lang.OutOfMemoryError | OUT_OF_MEMORY | out of memory (java.lang.OutOfMemoryError)
          """)
  void byWhatWasThrown(String thrown, FailureKind kind, String words) {
    assertThat(Exhaustion.of(thrown)).isEqualTo(new Exhaustion(kind, words));
  }

  @Test
  void theNewestOfItsLastWordsCount() {
    assertThat(
            Exhaustion.find(
                List.of(
                    "Terminating due to java.lang.OutOfMemoryError: Metaspace",
                    "Terminating due to java.lang.OutOfMemoryError: Java heap space",
                    "another thread goes on")))
        .map(Exhaustion::kind)
        .contains(FailureKind.HEAP_OUT_OF_MEMORY);
  }

  @Test
  void otherLinesSayNothing() {
    assertThat(Exhaustion.find(List.of("java.lang.OutOfMemoryError: Metaspace", ""))).isEmpty();
  }
}
