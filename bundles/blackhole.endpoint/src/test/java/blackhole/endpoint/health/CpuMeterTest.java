package blackhole.endpoint.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CpuMeterTest {
  private final AtomicLong now = new AtomicLong(Duration.ofSeconds(10).toNanos());
  private final AtomicLong used = new AtomicLong();
  private final CpuMeter meter =
      new CpuMeter(0, now::get, () -> Optional.of(Duration.ofNanos(used.get())));

  @Test
  void beginsWithTheMeanSinceTheStart() {
    used.set(Duration.ofSeconds(5).toNanos());
    assertThat(meter.cores()).hasValue(0.5);
  }

  @Test
  void isTheMeanSinceTheLastReading() {
    assertThat(meter.cores()).hasValue(0);
    pass(Duration.ofSeconds(2), Duration.ofSeconds(3));
    assertThat(meter.cores()).hasValue(1.5);
    pass(Duration.ofSeconds(4), Duration.ofSeconds(1));
    assertThat(meter.cores()).hasValue(0.25);
  }

  @Test
  void readersInQuickSuccessionGetTheSame() {
    assertThat(meter.cores()).hasValue(0);
    pass(Duration.ofMillis(400), Duration.ofMillis(400));
    assertThat(meter.cores()).hasValue(0);
    pass(Duration.ofMillis(600), Duration.ofMillis(100));
    assertThat(meter.cores()).hasValue(0.5);
  }

  @Test
  void isEmptyWhereItCannotBeTold() {
    assertThat(new CpuMeter(0, now::get, Optional::empty).cores()).isEmpty();
  }

  private void pass(Duration wall, Duration cpu) {
    now.addAndGet(wall.toNanos());
    used.addAndGet(cpu.toNanos());
  }
}
