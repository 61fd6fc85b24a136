package blackhole.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KernelUnitsTest {
  @Test
  void readsPagesAndTicks() {
    KernelUnits units = KernelUnits.parse(vector(33, 1, 6, 65536, 17, 1000, 0, 0));
    assertThat(units).isEqualTo(new KernelUnits(65536, 1000));
    assertThat(units.bytes(3)).isEqualTo(196608);
    assertThat(units.time(1500)).isEqualTo(Duration.ofMillis(1500));
  }

  @Test
  void whatIsNotThereIsAsUsual() {
    assertThat(KernelUnits.parse(new byte[5])).isEqualTo(new KernelUnits(4096, 100));
  }

  @Test
  void ticksDoNotOverflow() {
    assertThat(new KernelUnits(4096, 100).time(Long.MAX_VALUE / 200))
        .isGreaterThan(Duration.ofDays(365_000));
  }

  @Test
  void thisMachineHasWholePages() {
    assertThat(KernelUnits.read().pageBytes()).isGreaterThanOrEqualTo(4096).isEven();
    assertThat(KernelUnits.read().ticksPerSecond()).isPositive();
  }

  private static byte[] vector(long... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.nativeOrder());
    for (long value : values) {
      buffer.putLong(value);
    }
    return buffer.array();
  }
}
