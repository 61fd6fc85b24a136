package blackhole.orchestrator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JvmFlagsTest {
  private static final long MB = 1L << 20;

  @Test
  void the_flags_of_the_default_limit() {
    assertThat(JvmFlags.of(256 * MB))
        .containsExactly(
            "-Xms10m",
            "-Xmx128m",
            "-XX:MaxDirectMemorySize=32m",
            "-XX:MaxMetaspaceSize=128m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError");
  }

  @ParameterizedTest
  @CsvSource({
    // limit, the formula's heap rounded down to a class, direct memory
    "192, 64, 24",
    "255, 96, 24",
    "256, 128, 32",
    "384, 192, 48",
    "512, 320, 64",
    "1024, 768, 64",
    "2048, 1536, 64",
    "4096, 3072, 64",
    "1048576, 786432, 64",
  })
  void the_parts_of_memory_follow_from_the_limit(long limit, long heap, long direct) {
    assertThat(megabytes(JvmFlags.of(limit * MB), "-Xmx")).isEqualTo(heap);
    assertThat(megabytes(JvmFlags.of(limit * MB), "-XX:MaxDirectMemorySize=")).isEqualTo(direct);
    assertThat(megabytes(JvmFlags.of(limit * MB), "-XX:MaxMetaspaceSize=")).isEqualTo(heap);
  }

  @Test
  void heap_and_direct_memory_always_leave_room_for_the_rest_of_the_jvm() {
    for (long limit = 192; limit < 20_000; limit++) {
      List<String> flags = JvmFlags.of(limit * MB);
      long heap = megabytes(flags, "-Xmx");
      long direct = megabytes(flags, "-XX:MaxDirectMemorySize=");
      assertThat(heap).isGreaterThanOrEqualTo(64).isLessThanOrEqualTo(limit * 3 / 4);
      assertThat(heap + direct + 96).isLessThanOrEqualTo(limit);
    }
  }

  @Test
  void heaps_come_in_a_few_classes_and_never_shrink_as_the_limit_grows() {
    TreeSet<Long> classes = new TreeSet<>();
    long last = 0;
    for (long limit = 192; limit <= 8192; limit++) {
      long heap = megabytes(JvmFlags.of(limit * MB), "-Xmx");
      assertThat(heap).isGreaterThanOrEqualTo(last);
      last = heap;
      classes.add(heap);
    }
    assertThat(classes).hasSizeLessThan(25).contains(64L, 128L, 320L, 768L, 6144L);
  }

  @Test
  void arguments_of_the_user_come_last_and_win() {
    ResourceLimits limits =
        new ResourceLimits(192 * MB, OptionalDouble.empty(), 0, OptionalInt.empty());
    assertThat(JvmFlags.of(limits, List.of("-Xmx80m", "-Xss1m")))
        .containsAll(JvmFlags.of(192 * MB))
        .endsWith("-Xmx80m", "-Xss1m");
  }

  @Test
  void too_little_memory_is_refused_with_the_minimum() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JvmFlags.of(192 * MB - 1))
        .withMessageContaining("at least 192MB");
  }

  private static long megabytes(List<String> flags, String prefix) {
    String flag = flags.stream().filter(f -> f.startsWith(prefix)).findFirst().orElseThrow();
    return Long.parseLong(flag.substring(prefix.length(), flag.length() - 1));
  }
}
