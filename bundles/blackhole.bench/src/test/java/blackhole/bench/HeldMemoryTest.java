package blackhole.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class HeldMemoryTest {
  @Test
  void addsUpGenerations() {
    String serial =
        """
        4242:
         def new generation   total 19712K, used 1024K [0x00, 0x01, 0x02)
          eden space 17536K,   5% used [0x00, 0x01, 0x02)
         tenured generation   total 43712K, used 3072K [0x00, 0x01, 0x02)
           the space 43712K,   6% used [0x00, 0x01, 0x02, 0x03)
         Metaspace       used 20480K, committed 20672K, reserved 1114112K
          class space    used 2048K, committed 2112K, reserved 1048576K
        """;
    assertThat(HeldMemory.liveMegabytes(serial)).isEqualTo(4);
  }

  @Test
  void knowsAHeapInRegions() {
    assertThat(
            HeldMemory.liveMegabytes(
                " garbage-first heap   total 262144K, used 2048K [0x00, 0x01)"))
        .isEqualTo(2);
  }

  @Test
  void wantsAHeap() {
    assertThatIllegalArgumentException().isThrownBy(() -> HeldMemory.liveMegabytes("nothing"));
  }
}
